/* A disk that loses power: preloaded (LD_PRELOAD) into a process, it keeps what is written to files under the folder
 * $ALCOVE_POWER_LOSS_DIR in memory until they are synced. Kill the process, and everything that was not synced is gone, as
 * after a power cut. Reads see what was written, so the process itself notices nothing.
 *
 * What it models: the contents and the length of regular files. What it does not: names (creating and unlinking happen at
 * once), files that are mapped (SQLite's `-shm`, which it rebuilds), and writes that are torn or reordered on their way.
 * One lock around everything: it is a test's disk, not a fast one. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define BLOCK 4096
#define FDS 65536
#define FILES 64

struct block {
    off64_t start;
    struct block *next;
    unsigned char bytes[BLOCK];
};

/* One file, by identity, with what was written to it since it was last synced. */
struct held {
    dev_t dev;
    ino_t ino;
    int used;
    int dirty;
    off64_t length;
    struct block *blocks;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct held files[FILES];
static int file_of_fd[FDS]; /* index into files, plus one; 0: not ours */

#define REAL(result, name, ...)                                     \
    static result (*real_##name)(__VA_ARGS__);                       \
    static void find_##name(void) {                                  \
        if (!real_##name) *(void **)&real_##name = dlsym(RTLD_NEXT, #name); \
    }

REAL(int, open64, const char *, int, ...)
REAL(int, openat64, int, const char *, int, ...)
REAL(int, close, int)
REAL(ssize_t, read, int, void *, size_t)
REAL(ssize_t, write, int, const void *, size_t)
REAL(ssize_t, pread64, int, void *, size_t, off64_t)
REAL(ssize_t, pwrite64, int, const void *, size_t, off64_t)
REAL(off64_t, lseek64, int, off64_t, int)
REAL(int, ftruncate64, int, off64_t)
REAL(int, fstat64, int, struct stat64 *)
REAL(int, stat64, const char *, struct stat64 *)
REAL(int, fsync, int)
REAL(int, fdatasync, int)
REAL(int, unlink, const char *)

__attribute__((constructor)) static void find_all(void) {
    find_open64(), find_openat64(), find_close(), find_read(), find_write(), find_pread64(), find_pwrite64();
    find_lseek64(), find_ftruncate64(), find_fstat64(), find_stat64(), find_fsync(), find_fdatasync(), find_unlink();
}

static int is_held_back(const char *path) {
    const char *dir = getenv("ALCOVE_POWER_LOSS_DIR");
    size_t length = strlen(path);
    if (!dir || strncmp(path, dir, strlen(dir)) != 0) return 0;
    return !(length >= 4 && strcmp(path + length - 4, "-shm") == 0) && !(length >= 5 && strcmp(path + length - 5, ".lock") == 0);
}

/* The file of a descriptor, or NULL if it is none of ours. */
static struct held *held(int fd) {
    return fd >= 0 && fd < FDS && file_of_fd[fd] ? &files[file_of_fd[fd] - 1] : NULL;
}

static void drop_blocks(struct held *file) {
    while (file->blocks) {
        struct block *next = file->blocks->next;
        free(file->blocks);
        file->blocks = next;
    }
    file->dirty = 0;
}

/* Begins to hold a file back; gives -1 where there are too many, so that no file is let through unnoticed. */
static int hold(int fd) {
    struct stat64 stat;
    if (fd >= FDS || real_fstat64(fd, &stat) != 0) return -1;
    if (!S_ISREG(stat.st_mode)) return 0;
    int free_place = -1;
    for (int i = 0; i < FILES; i++) {
        if (files[i].used && files[i].dev == stat.st_dev && files[i].ino == stat.st_ino) {
            file_of_fd[fd] = i + 1;
            return 0;
        }
        if (!files[i].used && free_place < 0) free_place = i;
    }
    if (free_place < 0) return -1;
    files[free_place] = (struct held){.dev = stat.st_dev, .ino = stat.st_ino, .used = 1, .length = stat.st_size};
    file_of_fd[fd] = free_place + 1;
    return 0;
}

static struct block *find_block(struct held *file, off64_t start) {
    for (struct block *block = file->blocks; block; block = block->next)
        if (block->start == start) return block;
    return NULL;
}

/* The block that holds a place, with what the disk has there. */
static struct block *block_for(struct held *file, int fd, off64_t start) {
    struct block *block = find_block(file, start);
    if (block) return block;
    block = calloc(1, sizeof *block);
    if (!block) abort();
    block->start = start;
    if (real_pread64(fd, block->bytes, BLOCK, start) < 0) memset(block->bytes, 0, BLOCK);
    block->next = file->blocks;
    file->blocks = block;
    return block;
}

static ssize_t held_write(struct held *file, int fd, const unsigned char *bytes, size_t count, off64_t at) {
    size_t done = 0;
    while (done < count) {
        off64_t place = at + (off64_t)done, start = place / BLOCK * BLOCK;
        size_t inside = (size_t)(place - start), part = BLOCK - inside;
        if (part > count - done) part = count - done;
        memcpy(block_for(file, fd, start)->bytes + inside, bytes + done, part);
        done += part;
    }
    if (at + (off64_t)count > file->length) file->length = at + (off64_t)count;
    file->dirty = 1;
    return (ssize_t)count;
}

static ssize_t held_read(struct held *file, int fd, unsigned char *bytes, size_t count, off64_t at) {
    if (at >= file->length) return 0;
    if ((off64_t)count > file->length - at) count = (size_t)(file->length - at);
    memset(bytes, 0, count);
    size_t got = 0;
    while (got < count) {
        ssize_t more = real_pread64(fd, bytes + got, count - got, at + (off64_t)got);
        if (more < 0) return -1;
        if (more == 0) break;
        got += (size_t)more;
    }
    for (struct block *block = file->blocks; block; block = block->next) {
        off64_t from = block->start > at ? block->start : at;
        off64_t end = block->start + BLOCK, wanted_end = at + (off64_t)count;
        off64_t to = end < wanted_end ? end : wanted_end;
        if (from < to) memcpy(bytes + (from - at), block->bytes + (from - block->start), (size_t)(to - from));
    }
    return (ssize_t)count;
}

/* Writes what was held back, and syncs. */
static int let_go(struct held *file, int fd, int (*sync)(int)) {
    for (struct block *block = file->blocks; block; block = block->next) {
        size_t count = BLOCK;
        if (block->start >= file->length) continue;
        if (block->start + BLOCK > file->length) count = (size_t)(file->length - block->start);
        if (real_pwrite64(fd, block->bytes, count, block->start) != (ssize_t)count) return -1;
    }
    if (file->dirty && real_ftruncate64(fd, file->length) != 0) return -1;
    if (sync(fd) != 0) return -1;
    drop_blocks(file);
    return 0;
}

static int opened(int fd, const char *path) {
    if (fd < 0 || !is_held_back(path)) return fd;
    pthread_mutex_lock(&lock);
    int done = hold(fd);
    pthread_mutex_unlock(&lock);
    if (done == 0) return fd;
    real_close(fd);
    errno = EMFILE;
    return -1;
}

static mode_t mode_of(int flags, va_list rest) {
    return flags & (O_CREAT | O_TMPFILE) ? va_arg(rest, mode_t) : 0;
}

int open64(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(real_open64(path, flags, mode), path);
}

int open(const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(real_open64(path, flags, mode), path);
}

int openat64(int dir, const char *path, int flags, ...) {
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return opened(real_openat64(dir, path, flags, mode), path);
}

/* What a closed file holds stays held back: closing is not syncing. */
int close(int fd) {
    pthread_mutex_lock(&lock);
    if (fd >= 0 && fd < FDS) file_of_fd[fd] = 0;
    pthread_mutex_unlock(&lock);
    return real_close(fd);
}

ssize_t pread64(int fd, void *bytes, size_t count, off64_t at) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    ssize_t done = file ? held_read(file, fd, bytes, count, at) : 0;
    pthread_mutex_unlock(&lock);
    return file ? done : real_pread64(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    ssize_t done = file ? held_write(file, fd, bytes, count, at) : 0;
    pthread_mutex_unlock(&lock);
    return file ? done : real_pwrite64(fd, bytes, count, at);
}

ssize_t read(int fd, void *bytes, size_t count) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    ssize_t done = 0;
    if (file) {
        off64_t at = real_lseek64(fd, 0, SEEK_CUR);
        done = held_read(file, fd, bytes, count, at);
        if (done > 0) real_lseek64(fd, at + done, SEEK_SET);
    }
    pthread_mutex_unlock(&lock);
    return file ? done : real_read(fd, bytes, count);
}

ssize_t write(int fd, const void *bytes, size_t count) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    ssize_t done = 0;
    if (file) {
        off64_t at = real_lseek64(fd, 0, SEEK_CUR);
        done = held_write(file, fd, bytes, count, at);
        real_lseek64(fd, at + done, SEEK_SET);
    }
    pthread_mutex_unlock(&lock);
    return file ? done : real_write(fd, bytes, count);
}

off64_t lseek64(int fd, off64_t offset, int whence) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    off64_t length = file ? file->length : 0;
    pthread_mutex_unlock(&lock);
    if (file && whence == SEEK_END) return real_lseek64(fd, length + offset, SEEK_SET);
    return real_lseek64(fd, offset, whence);
}

int ftruncate64(int fd, off64_t length) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    if (file) {
        off64_t last = length / BLOCK * BLOCK;
        for (struct block *block = file->blocks; block; block = block->next) {
            off64_t kept = block->start >= length ? 0 : block->start == last ? length - last : BLOCK;
            memset(block->bytes + kept, 0, (size_t)(BLOCK - kept));
        }
        /* What lies behind the new end must read as zeros, should the file grow again before it is synced. */
        for (off64_t start = last; start < file->length; start += BLOCK) {
            struct block *block = block_for(file, fd, start);
            off64_t kept = start == last ? length - last : 0;
            memset(block->bytes + kept, 0, (size_t)(BLOCK - kept));
        }
        file->length = length;
        file->dirty = 1;
    }
    pthread_mutex_unlock(&lock);
    return file ? 0 : real_ftruncate64(fd, length);
}

int fstat64(int fd, struct stat64 *stat) {
    int done = real_fstat64(fd, stat);
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    if (done == 0 && file) stat->st_size = file->length;
    pthread_mutex_unlock(&lock);
    return done;
}

int stat64(const char *path, struct stat64 *stat) {
    int done = real_stat64(path, stat);
    if (done != 0) return done;
    pthread_mutex_lock(&lock);
    for (int i = 0; i < FILES; i++)
        if (files[i].used && files[i].dev == stat->st_dev && files[i].ino == stat->st_ino) stat->st_size = files[i].length;
    pthread_mutex_unlock(&lock);
    return done;
}

/* A file that is gone is no longer held back: its identity may be given to the next one. */
int unlink(const char *path) {
    struct stat64 stat;
    pthread_mutex_lock(&lock);
    int known = real_stat64(path, &stat) == 0;
    int done = real_unlink(path);
    for (int i = 0; known && done == 0 && i < FILES; i++) {
        if (files[i].used && files[i].dev == stat.st_dev && files[i].ino == stat.st_ino) {
            drop_blocks(&files[i]);
            files[i].used = 0;
            for (int fd = 0; fd < FDS; fd++)
                if (file_of_fd[fd] == i + 1) file_of_fd[fd] = 0;
        }
    }
    pthread_mutex_unlock(&lock);
    return done;
}

static int synced(int fd, int (*sync)(int)) {
    pthread_mutex_lock(&lock);
    struct held *file = held(fd);
    int done = file ? let_go(file, fd, sync) : 0;
    pthread_mutex_unlock(&lock);
    return file ? done : sync(fd);
}

int fsync(int fd) { return synced(fd, real_fsync); }

int fdatasync(int fd) { return synced(fd, real_fdatasync); }
