/** What the measured processes share: a job by message, and the CPU time that it took as the answer. */

/** Runs `run` for each of `list`, four at once. */
exports.inFours = async (list, run) => {
  const left = [...list];
  const work = async () => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) await run(next);
  };
  await Promise.all([work(), work(), work(), work()]);
};

/** Answers `{ <job>: input }` with `{ cpuMs }`, or `{ error }`. Ends with its parent. */
exports.measured = (jobs) => {
  process.on('message', async (message) => {
    const [[name, input]] = Object.entries(message);
    const { user, system } = process.cpuUsage();
    try {
      await jobs[name](input);
      const used = process.cpuUsage({ user, system });
      process.send({ cpuMs: (used.user + used.system) / 1000 });
    } catch (error) {
      process.send({ error: String(error?.stack ?? error) });
    }
  });
  process.on('disconnect', () => process.exit());
};
