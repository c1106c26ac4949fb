/** What the measured processes share: a job by message, and the time that it took as the answer. */

/** Runs `run` for each of `list`, four at once. */
exports.inFours = async (list, run) => {
  const left = [...list];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next);
  };
  await Promise.all([work(), work(), work(), work()]);
};

/** Answers `{ <job>: input }` with `{ cpuMs, wallMs }`, or `{ error }`. Ends with its parent. */
exports.measured = (jobs) => {
  process.on('message', async (message) => {
    const [[name, input]] = Object.entries(message);
    const { user, system } = process.cpuUsage();
    const startedAtMs = performance.now();
    try {
      await jobs[name](input);
      const used = process.cpuUsage({ user, system });
      const wallMs = performance.now() - startedAtMs;
      process.send({ cpuMs: (used.user + used.system) / 1000, wallMs });
    } catch (error) {
      process.send({ error: String(error?.stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
};
