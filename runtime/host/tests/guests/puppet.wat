;; A guest under full control of an attacker. It takes its orders from the input message, byte by byte, does each of
;; them with what the host gave it, and reports what the host answered.
;;
;; An order is one byte, then fields: a `u32` is four bytes, little endian; `bytes` is a `u32` and that many bytes.
;;    1 start     query: u32, arguments: bytes
;;    2 next      query: u32
;;    3 perform   number of actions: u32, each: u32, batch: bytes
;;    4 log       level: u32, place: u32, message: bytes
;;    5 spin      for ever
;;    6 grow      pages: u32
;;    7 recurse   for ever
;;    8 trap
;;    9 drop      query: u32
;;   10 start with a handle that it makes up         handle: u32, arguments: bytes
;;   11 perform with handles that it makes up        number: u32, each: u32, batch: bytes
;;   12 repeat all orders from the first
;;   13 end as skipped      14 end as waiting
;;   15 end as failed       code: u32, place: u32, message: bytes
;;   16 start with arguments anywhere in memory      query: u32, at: u32, length: u32
;;   17 end with a report anywhere in memory         at: u32, length: u32
;;   18 log what lies anywhere in memory             at: u32, length: u32
;; After the last order it ends as succeeded. Its report is what the host answered to orders 1, 2, 3, 10, 11 and 16,
;; one after the other: 0 and bytes, or 1, a code of one byte, and a message as bytes.
;;
;; Memory: 0 the answer of a call, 128 the result of `run`, 1,024 lists of handles, 65,536 the report, 655,360 the heap.
(module
  (import "alcove:executor/queries@1.0.0" "[method]query.start" (func $start (param i32 i32 i32 i32)))
  (import "alcove:executor/queries@1.0.0" "[method]query.next" (func $next (param i32 i32)))
  (import "alcove:executor/queries@1.0.0" "[resource-drop]query" (func $drop_query (param i32)))
  (import "alcove:executor/effects@1.0.0" "perform" (func $perform (param i32 i32 i32 i32 i32)))
  (import "alcove:executor/log@1.0.0" "write" (func $log (param i32 i32 i32 i32)))
  (memory (export "memory") 16)
  (global $heap (mut i32) (i32.const 655360))
  (global $out (mut i32) (i32.const 65536))
  (global $ip (mut i32) (i32.const 0))
  (global $queries (mut i32) (i32.const 0))
  (global $actions (mut i32) (i32.const 0))

  (func (export "cabi_realloc") (param $old i32) (param $old_size i32) (param $align i32) (param $size i32) (result i32)
    (local $at i32)
    (local.set $at (i32.and (i32.add (global.get $heap) (i32.const 7)) (i32.const -8)))
    (global.set $heap (i32.add (local.get $at) (local.get $size)))
    (if (i32.gt_u (global.get $heap) (i32.shl (memory.size) (i32.const 16)))
      (then
        (if (i32.eq (i32.const -1)
              (memory.grow (i32.shr_u
                (i32.add (i32.sub (global.get $heap) (i32.shl (memory.size) (i32.const 16))) (i32.const 65535))
                (i32.const 16))))
          (then unreachable))))
    (local.get $at))

  (func $u32 (result i32)
    (global.set $ip (i32.add (global.get $ip) (i32.const 4)))
    (i32.load (i32.sub (global.get $ip) (i32.const 4))))

  ;; Skips a `bytes` and gives where it begins; its length is the `u32` before.
  (func $bytes (result i32)
    (local $at i32)
    (local.set $at (i32.add (global.get $ip) (i32.const 4)))
    (global.set $ip (i32.add (local.get $at) (i32.load (global.get $ip))))
    (local.get $at))
  (func $len (param $at i32) (result i32) (i32.load (i32.sub (local.get $at) (i32.const 4))))

  (func $query (result i32)
    (i32.load (i32.add (global.get $queries) (i32.shl (call $u32) (i32.const 2)))))
  ;; The handle of an action; 0, which no handle is, where the host gave none.
  (func $action (result i32)
    (i32.load offset=4 (i32.add (global.get $actions) (i32.shl (call $u32) (i32.const 3)))))

  (func $report_byte (param $byte i32)
    (i32.store8 (global.get $out) (local.get $byte))
    (global.set $out (i32.add (global.get $out) (i32.const 1))))
  (func $report_bytes (param $at i32) (param $len i32)
    (i32.store (global.get $out) (local.get $len))
    (global.set $out (i32.add (global.get $out) (i32.const 4)))
    (memory.copy (global.get $out) (local.get $at) (local.get $len))
    (global.set $out (i32.add (global.get $out) (local.get $len))))
  (func $report_answer
    (call $report_byte (i32.load8_u (i32.const 0)))
    (if (i32.load8_u (i32.const 0))
      (then
        (call $report_byte (i32.load8_u (i32.const 8)))
        (call $report_bytes (i32.load (i32.const 12)) (i32.load (i32.const 16))))
      (else
        (call $report_bytes (i32.load (i32.const 8)) (i32.load (i32.const 12))))))

  (func $start_with (param $handle i32)
    (local $at i32)
    (local.set $at (call $bytes))
    (call $start (local.get $handle) (local.get $at) (call $len (local.get $at)) (i32.const 0))
    (call $report_answer))

  (func $perform_with (param $made_up i32)
    (local $count i32) (local $i i32) (local $at i32)
    (local.set $count (call $u32))
    (block $listed
      (loop $list
        (br_if $listed (i32.ge_u (local.get $i) (local.get $count)))
        (i32.store offset=1024 (i32.shl (local.get $i) (i32.const 2))
          (if (result i32) (local.get $made_up) (then (call $u32)) (else (call $action))))
        (local.set $i (i32.add (local.get $i) (i32.const 1)))
        (br $list)))
    (local.set $at (call $bytes))
    (call $perform (i32.const 1024) (local.get $count) (local.get $at) (call $len (local.get $at)) (i32.const 0))
    (call $report_answer))

  (func $recurse (param $depth i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get $depth) (i32.const 1))) (local.get $depth)))

  ;; Ends as succeeded.
  (func $succeed (param $at i32) (param $len i32) (result i32)
    (i32.store8 (i32.const 128) (i32.const 0))
    (i32.store8 (i32.const 136) (i32.const 0))
    (i32.store (i32.const 140) (local.get $at))
    (i32.store (i32.const 144) (local.get $len))
    (i32.const 128))

  (func (export "run")
    (param $plan i32) (param $plan_len i32) (param $input i32) (param $input_len i32)
    (param $queries i32) (param $queries_len i32) (param $actions i32) (param $actions_len i32) (result i32)
    (local $order i32) (local $at i32)
    (global.set $ip (local.get $input))
    (global.set $queries (local.get $queries))
    (global.set $actions (local.get $actions))
    (loop $orders
      (if (i32.ge_u (global.get $ip) (i32.add (local.get $input) (local.get $input_len)))
        (then (return
          (call $succeed (i32.const 65536) (i32.sub (global.get $out) (i32.const 65536))))))
      (local.set $order (i32.load8_u (global.get $ip)))
      (global.set $ip (i32.add (global.get $ip) (i32.const 1)))
      (if (i32.eq (local.get $order) (i32.const 1)) (then (call $start_with (call $query))))
      (if (i32.eq (local.get $order) (i32.const 2))
        (then (call $next (call $query) (i32.const 0)) (call $report_answer)))
      (if (i32.eq (local.get $order) (i32.const 3)) (then (call $perform_with (i32.const 0))))
      (if (i32.eq (local.get $order) (i32.const 4))
        (then (call $log (call $u32) (call $u32) (local.tee $at (call $bytes)) (call $len (local.get $at)))))
      (if (i32.eq (local.get $order) (i32.const 5)) (then (loop $spin (br $spin))))
      (if (i32.eq (local.get $order) (i32.const 6)) (then (drop (memory.grow (call $u32)))))
      (if (i32.eq (local.get $order) (i32.const 7)) (then (drop (call $recurse (i32.const 0)))))
      (if (i32.eq (local.get $order) (i32.const 8)) (then unreachable))
      (if (i32.eq (local.get $order) (i32.const 9)) (then (call $drop_query (call $query))))
      (if (i32.eq (local.get $order) (i32.const 10)) (then (call $start_with (call $u32))))
      (if (i32.eq (local.get $order) (i32.const 11)) (then (call $perform_with (i32.const 1))))
      (if (i32.eq (local.get $order) (i32.const 12)) (then (global.set $ip (local.get $input))))
      (if (i32.eq (local.get $order) (i32.const 13))
        (then
          (drop (call $succeed (i32.const 0) (i32.const 0)))
          (i32.store8 (i32.const 136) (i32.const 1))
          (return (i32.const 128))))
      (if (i32.eq (local.get $order) (i32.const 14))
        (then
          (drop (call $succeed (i32.const 0) (i32.const 0)))
          (i32.store8 (i32.const 136) (i32.const 2))
          (return (i32.const 128))))
      (if (i32.eq (local.get $order) (i32.const 15))
        (then
          (i32.store8 (i32.const 128) (i32.const 1))
          (i32.store8 (i32.const 136) (call $u32))
          (i32.store (i32.const 176) (call $u32))
          (i32.store (i32.const 140) (local.tee $at (call $bytes)))
          (i32.store (i32.const 144) (call $len (local.get $at)))
          (return (i32.const 128))))
      (if (i32.eq (local.get $order) (i32.const 16))
        (then (call $start (call $query) (call $u32) (call $u32) (i32.const 0)) (call $report_answer)))
      (if (i32.eq (local.get $order) (i32.const 17)) (then (return (call $succeed (call $u32) (call $u32)))))
      (if (i32.eq (local.get $order) (i32.const 18))
        (then (call $log (i32.const 0) (i32.const 0) (call $u32) (call $u32))))
      (br $orders))
    unreachable))
