/*
 * Notes what a process has on the disk for good, for a power cut that keeps nothing else:
 * preloaded into it, it writes a line to $POWER_JOURNAL after each fsync and rename that worked.
 *
 *     S <bytes> <path>     R <from>\t<to>
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(const char *line) {
  const char *journal = getenv("POWER_JOURNAL");
  if (journal == NULL) return;
  int fd = open(journal, O_WRONLY | O_APPEND | O_CREAT, 0600);
  if (fd < 0) return;
  if (write(fd, line, strlen(line)) < 0) abort();
  close(fd);
}

/* The size is taken before: what is written meanwhile may not be in it. */
static long size_of(int fd) {
  struct stat found;
  return fstat(fd, &found) == 0 && S_ISREG(found.st_mode) ? (long)found.st_size : -1;
}

static void synced(int fd, long size) {
  char link[64], path[PATH_MAX], line[PATH_MAX + 64];
  if (size < 0) return;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return;
  path[length] = 0;
  snprintf(line, sizeof line, "S %ld %s\n", size, path);
  note(line);
}

#define REAL(name, type) ((type)dlsym(RTLD_NEXT, #name))

int fsync(int fd) {
  long size = size_of(fd);
  int result = REAL(fsync, int (*)(int))(fd);
  if (result == 0) synced(fd, size);
  return result;
}

int fdatasync(int fd) {
  long size = size_of(fd);
  int result = REAL(fdatasync, int (*)(int))(fd);
  if (result == 0) synced(fd, size);
  return result;
}

int rename(const char *from, const char *to) {
  int result = REAL(rename, int (*)(const char *, const char *))(from, to);
  char line[2 * PATH_MAX + 8];
  if (result == 0) {
    snprintf(line, sizeof line, "R %s\t%s\n", from, to);
    note(line);
  }
  return result;
}
