/** Makes pieces of work wait for each other: each begins when the one before has ended, well or badly. */
export function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    // How a piece ended is told to whoever gave it in.
    last = done.catch(() => undefined);
    return done;
  };
}
