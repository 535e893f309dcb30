//! The guest's allocator: dlmalloc, as in the standard library, but on memory that the instance has from the start.
//!
//! The standard library's grows the memory for its very first byte. In the host that is two changes of page protection
//! for each run, which took a quarter of the time of a small one. Here the first [`ROOM_BYTES`] lie among the module's
//! own data; only runs that need more make the memory grow.
#![expect(unsafe_code, reason = "an allocator hands out raw memory; a fault in it stays inside the sandbox")]

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::{Cell, UnsafeCell},
    ptr,
};

use dlmalloc::{Allocator, Dlmalloc};

/// What a usual run allocates altogether. Pages of it that a run does not touch cost nothing.
const ROOM_BYTES: usize = 128 << 10;
/// The unit in which WebAssembly grows memory.
const PAGE_BYTES: usize = 64 << 10;

#[global_allocator]
static HEAP: Heap = Heap(UnsafeCell::new(Dlmalloc::new_with_allocator(Source { room_taken: Cell::new(false) })));

static ROOM: Room = Room(UnsafeCell::new([0; ROOM_BYTES]));

struct Heap(UnsafeCell<Dlmalloc<Source>>);

#[repr(align(16))]
struct Room(UnsafeCell<[u8; ROOM_BYTES]>);

/// Where dlmalloc gets memory from.
struct Source {
    room_taken: Cell<bool>,
}

// SAFETY: the guest has one thread; the engine refuses modules that could have more.
unsafe impl Sync for Heap {}

// SAFETY: as above; and `Source` gives the room to dlmalloc once, and nobody else names it.
unsafe impl Sync for Room {}

// SAFETY: every region is given out once (`room_taken`; growing gives memory that was not there before), is writable
// and zero, and is never taken back.
unsafe impl Allocator for Source {
    fn alloc(&self, size: usize) -> (*mut u8, usize, u32) {
        if size <= ROOM_BYTES && !self.room_taken.replace(true) {
            return (ROOM.0.get().cast(), ROOM_BYTES, 0);
        }
        let pages = size.div_ceil(PAGE_BYTES);
        match wasm32::memory_grow::<0>(pages) {
            usize::MAX => (ptr::null_mut(), 0, 0),
            // The host's limit is far below the end of the address space, so this does not overflow.
            before => (ptr::without_provenance_mut(before * PAGE_BYTES), pages * PAGE_BYTES, 0),
        }
    }

    fn remap(&self, _ptr: *mut u8, _old_size: usize, _new_size: usize, _can_move: bool) -> *mut u8 {
        ptr::null_mut()
    }

    fn free_part(&self, _ptr: *mut u8, _old_size: usize, _new_size: usize) -> bool {
        false
    }

    fn free(&self, _ptr: *mut u8, _size: usize) -> bool {
        false
    }

    fn can_release_part(&self, _flags: u32) -> bool {
        false
    }

    fn allocates_zeros(&self) -> bool {
        true
    }

    fn page_size(&self) -> usize {
        PAGE_BYTES
    }
}

// SAFETY: dlmalloc keeps the contract of `GlobalAlloc`. There is one thread, and dlmalloc does not call the allocator
// that it is, so that no two of these exclusive references exist at a time.
unsafe impl GlobalAlloc for Heap {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        unsafe { (*self.0.get()).malloc(layout.size(), layout.align()) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: see above.
        unsafe { (*self.0.get()).calloc(layout.size(), layout.align()) }
    }

    unsafe fn dealloc(&self, ptr: *mut u8, layout: Layout) {
        // SAFETY: see above; the caller gives back what it got with this layout.
        unsafe { (*self.0.get()).free(ptr, layout.size(), layout.align()) }
    }

    unsafe fn realloc(&self, ptr: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: see above; the caller gives back what it got with this layout.
        unsafe { (*self.0.get()).realloc(ptr, layout.size(), layout.align(), new_size) }
    }
}
