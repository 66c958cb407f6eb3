const NEEDED = [20, 18, 1] as const;

const isOldNode = (version: string): boolean => {
  const parts = version.split('.').map(Number);
  for (const [index, needed] of NEEDED.entries()) {
    const part = parts[index] ?? 0;
    if (part !== needed) return part < needed;
  }
  return false;
};

if (isOldNode(process.versions.node)) {
  process.stderr.write(
    `Fenghuo needs Node ${NEEDED.join('.')} or newer, this is ${process.versions.node}. Install a newer Node and start again.\n`,
  );
  process.exitCode = 1;
} else {
  // Only now: what lies behind may not even load on an old Node.
  void import('./run.ts').then(({ run }) => run());
}
