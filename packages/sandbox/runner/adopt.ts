import { existsSync } from "node:fs";

/**
 * The first process of a command. It adopts every orphan below it (`PR_SET_CHILD_SUBREAPER`), so that nothing escapes its
 * tree by `setsid`, double forks or a cleared environment; it reports how the command ended on descriptor 3, and ends when
 * the last of the tree has. Node cannot make that system call and Perl can: it is part of every Debian.
 */
const script = `
syscall(shift(@ARGV), 36, 1, 0, 0, 0);
my $child = fork();
if (!defined $child) { exit 126 }
open(my $report, ">&=", 3);
if ($child == 0) { close $report; open(STDERR, ">&", \\*STDOUT); exec { $ARGV[0] } @ARGV; exit 127 }
$SIG{$_} = "IGNORE" for qw(TERM INT HUP QUIT PIPE TSTP);
open(STDOUT, ">", "/dev/null");
while ((my $ended = waitpid(-1, 0)) > 0) {
  if ($ended == $child) { syswrite $report, ($? >> 8) . " " . ($? & 127) . "\\n"; close $report }
}
`;

const perl = ["/usr/bin/perl", "/usr/local/bin/perl"].find(existsSync);
/** `prctl` by architecture. */
const callNumbers: Partial<Record<NodeJS.Architecture, number>> = { x64: 157, arm64: 167 };
const callNumber = callNumbers[process.arch];

/** The arguments of a command below an adopting process, with both outputs as one; or plainly, where there is no Perl. */
export function adopted(argv: readonly string[]): { argv: string[]; isAdopting: boolean } {
  if (perl === undefined || callNumber === undefined)
    return { argv: ["/bin/sh", "-c", 'exec "$@" 2>&1', "sh", ...argv], isAdopting: false };
  return { argv: [perl, "-e", script, String(callNumber), ...argv], isAdopting: true };
}

/** The arguments of a command as another user, of no group but its own, and without a way to become any other. */
export function asUser(uid: number | undefined, argv: readonly string[]): string[] {
  if (uid === undefined) return [...argv];
  const who = ["--reuid", String(uid), "--regid", String(uid), "--clear-groups", "--no-new-privs"];
  return ["/usr/bin/setpriv", ...who, "--", ...argv];
}
