;; Calls the host as often as the first four bytes of its input say: `effects.perform` of an empty batch where the next
;; byte is 0, `log.write` of an empty message otherwise. Then it ends as skipped.
;;
;; Memory: 0 the answer of a call, 64 the result of `run`, 128 an empty batch, 1,024 what the host passes.
(module
  (import "alcove:executor/effects@1.0.0" "perform" (func $perform (param i32 i32 i32 i32 i32)))
  (import "alcove:executor/log@1.0.0" "write" (func $log (param i32 i32 i32 i32)))
  (memory (export "memory") 1)
  (data (i32.const 128) "\01\00")
  (global $heap (mut i32) (i32.const 1024))

  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (local.get $at))

  (func (export "run")
    (param $plan i32) (param $plan_len i32) (param $input i32) (param $input_len i32)
    (param $queries i32) (param $queries_len i32) (param $actions i32) (param $actions_len i32) (result i32)
    (local $left i32) (local $kind i32) (local $free i32)
    (local.set $left (i32.load (local.get $input)))
    (local.set $kind (i32.load8_u offset=4 (local.get $input)))
    (local.set $free (global.get $heap))
    (block $done
      (loop $calls
        (br_if $done (i32.eqz (local.get $left)))
        (local.set $left (i32.sub (local.get $left) (i32.const 1)))
        (if (local.get $kind)
          (then (call $log (i32.const 0) (i32.const 0) (i32.const 0) (i32.const 0)))
          (else (call $perform (i32.const 0) (i32.const 0) (i32.const 128) (i32.const 2) (i32.const 0))))
        ;; The answer is not needed any more.
        (global.set $heap (local.get $free))
        (br $calls)))
    (i32.store8 (i32.const 64) (i32.const 0))
    (i32.store8 (i32.const 72) (i32.const 1))
    (i32.const 64)))
