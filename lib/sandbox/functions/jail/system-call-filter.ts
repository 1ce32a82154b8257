/**
 * The system calls that are denied to function code: those that a handler does not need, and through which most
 * container escapes have been found. It is a denylist, not an allowlist: interpreters, and the libraries of functions,
 * use most of the rest. Numbers: https://github.com/torvalds/linux/blob/v6.12/arch/x86/entry/syscalls/syscall_64.tbl
 * and https://github.com/torvalds/linux/blob/v6.12/include/uapi/asm-generic/unistd.h; null: the architecture has no
 * such call.
 */
type Numbers = readonly [x64: number, arm64: number | null];

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;

/** Fail as if the permission were missing. */
const FORBIDDEN: Readonly<Record<string, Numbers>> = {
  bpf: [321, 280],
  perf_event_open: [298, 241],
  userfaultfd: [323, 282],
  add_key: [248, 217],
  request_key: [249, 218],
  keyctl: [250, 219],
  ptrace: [101, 117],
  process_vm_readv: [310, 270],
  process_vm_writev: [311, 271],
  kcmp: [312, 272],
  pidfd_getfd: [438, 438],
  name_to_handle_at: [303, 264],
  open_by_handle_at: [304, 265],
  mount: [165, 40],
  umount2: [166, 39],
  pivot_root: [155, 41],
  open_tree: [428, 428],
  move_mount: [429, 429],
  fsopen: [430, 430],
  fsconfig: [431, 431],
  fsmount: [432, 432],
  fspick: [433, 433],
  mount_setattr: [442, 442],
  open_tree_attr: [467, 467],
  setns: [308, 268],
  unshare: [272, 97],
  fanotify_init: [300, 262],
  quotactl: [179, 60],
  quotactl_fd: [443, 443],
  init_module: [175, 105],
  finit_module: [313, 273],
  delete_module: [176, 106],
  kexec_load: [246, 104],
  kexec_file_load: [320, 294],
  reboot: [169, 142],
  swapon: [167, 224],
  swapoff: [168, 225],
  acct: [163, 89],
  syslog: [103, 116],
  settimeofday: [164, 170],
  clock_settime: [227, 112],
  clock_adjtime: [305, 266],
  adjtimex: [159, 171],
  modify_ldt: [154, null],
  iopl: [172, null],
  ioperm: [173, null],
};

/**
 * Fail as if the kernel did not have them, so that libraries use an alternative: io_uring and clone3, whose arguments
 * no filter can see, and memory that belongs to no process, which nothing can account for (System V's shared memory,
 * messages and semaphores among it).
 */
const MISSING: Readonly<Record<string, Numbers>> = {
  io_uring_setup: [425, 425],
  io_uring_enter: [426, 426],
  io_uring_register: [427, 427],
  clone3: [435, 435],
  memfd_create: [319, 279],
  memfd_secret: [447, 447],
  shmget: [29, 194],
  msgget: [68, 186],
  semget: [64, 190],
};

const SOCKET: Numbers = [41, 198];
/** AF_UNIX, AF_INET, AF_INET6, AF_NETLINK: not AF_VSOCK, AF_ALG, AF_PACKET and any others of a kernel. */
const FAMILIES = [1, 2, 10, 16];
const SETSOCKOPT: Numbers = [54, 208];
const SOL_SOCKET = 1;
/**
 * SO_SNDBUF, SO_RCVBUF, SO_SNDBUFFORCE, SO_RCVBUFFORCE: buffers of sockets are memory of the kernel, and 300 pairs of
 * sockets held 4.7 GB. Their sizes are hints, so the call succeeds and changes nothing.
 * https://github.com/torvalds/linux/blob/v6.12/include/uapi/asm-generic/socket.h
 */
const BUFFER_SIZES = [7, 8, 32, 33];
const CLONE: Numbers = [56, 220];
/** Every CLONE_NEW… flag for a namespace: https://man7.org/linux/man-pages/man2/clone.2.html */
const NEW_NAMESPACES = 0x7e02_0000;

/** AUDIT_ARCH_X86_64 and AUDIT_ARCH_AARCH64: https://github.com/torvalds/linux/blob/v6.12/include/uapi/linux/audit.h */
const ARCHITECTURES = { x64: 0xc000_003e, arm64: 0xc000_00b7 } as const;
/** The bit that marks numbers of x86's third set of system calls, x32. */
const X32 = 0x4000_0000;

// Classic BPF and seccomp's data: https://man7.org/linux/man-pages/man2/seccomp.2.html
const LOAD = 0x20;
const IF_EQUAL = 0x15;
const IF_AT_LEAST = 0x35;
const IF_ANY_BIT = 0x45;
const RETURN = 0x06;
const ALLOW = 0x7fff_0000;
const NUMBER_AT = 0;
const ARCHITECTURE_AT = 4;
/** The lower halves of arguments; everything that is checked here is in them on both architectures. */
const ARGUMENT_AT = 16;
const SECOND_ARGUMENT_AT = 24;
const THIRD_ARGUMENT_AT = 32;

type Instruction = readonly [code: number, value: number, ifTrue?: number, ifFalse?: number];

const load = (at: number): Instruction => [LOAD, at];
const allow: Instruction = [RETURN, ALLOW];
/** Returns an answer without a call; the error 0 is success. */
const refuse = (errno: number): Instruction => [RETURN, 0x0005_0000 | errno];
/** Returns a test: the next instruction runs if it holds, the one after it if it doesn't. */
const onlyIf = (test: number, value: number): Instruction => [test, value, 0, 1];

/**
 * Returns the seccomp filter in the kernel's format, 8 bytes per instruction; null on an unsupported architecture.
 * @param architecture a value of `process.arch`
 */
export function systemCallFilter(architecture: string): Buffer | null {
  if (architecture !== 'x64' && architecture !== 'arm64') return null;
  const at = architecture === 'x64' ? 0 : 1;
  const each = (calls: Readonly<Record<string, Numbers>>, errno: number) =>
    Object.values(calls).flatMap((numbers) => {
      const number = numbers[at] ?? null;
      return number === null ? [] : [onlyIf(IF_EQUAL, number), refuse(errno)];
    });
  const families = FAMILIES.flatMap((family) => [onlyIf(IF_EQUAL, family), allow]);
  const sizes = BUFFER_SIZES.flatMap((option) => [onlyIf(IF_EQUAL, option), refuse(0)]);
  const setSockOpt: readonly Instruction[] = [
    load(SECOND_ARGUMENT_AT),
    [IF_EQUAL, SOL_SOCKET, 0, sizes.length + 1],
    load(THIRD_ARGUMENT_AT),
    ...sizes,
    allow,
  ];
  const program: readonly Instruction[] = [
    load(ARCHITECTURE_AT),
    // Programs of a narrower architecture have other numbers.
    [IF_EQUAL, ARCHITECTURES[architecture], 1, 0],
    refuse(EPERM),
    load(NUMBER_AT),
    ...(architecture === 'x64' ? [onlyIf(IF_AT_LEAST, X32), refuse(ENOSYS)] : []),
    ...each(FORBIDDEN, EPERM),
    ...each(MISSING, ENOSYS),
    [IF_EQUAL, SETSOCKOPT[at] ?? 0, 0, setSockOpt.length],
    ...setSockOpt,
    [IF_EQUAL, SOCKET[at] ?? 0, 0, families.length + 2],
    load(ARGUMENT_AT),
    ...families,
    refuse(EAFNOSUPPORT),
    onlyIf(IF_EQUAL, CLONE[at] ?? 0),
    load(ARGUMENT_AT),
    // Any other number never has these bits.
    onlyIf(IF_ANY_BIT, NEW_NAMESPACES),
    refuse(EPERM),
    allow,
  ];
  const bytes = Buffer.alloc(program.length * 8);
  program.forEach(([code, value, ifTrue = 0, ifFalse = 0], index) => {
    bytes.writeUInt16LE(code, index * 8);
    bytes.writeUInt8(ifTrue, index * 8 + 2);
    bytes.writeUInt8(ifFalse, index * 8 + 3);
    bytes.writeUInt32LE(value >>> 0, index * 8 + 4);
  });
  return bytes;
}
