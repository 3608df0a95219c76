/**
 * Lets at most `limit` pieces of work run at once; the others wait in order, and one whose signal aborts leaves the line.
 * A browser opens six connections to a server: pictures that the server still has to make hold theirs for up to two
 * seconds each, and without a limit they would keep every other request of the page waiting.
 */
export function createLane(limit: number) {
  let running = 0;
  const waiting: (() => void)[] = [];

  function enter(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (running < limit) {
      running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const start = () => {
        signal.removeEventListener("abort", leave);
        running++;
        resolve();
      };
      const leave = () => {
        waiting.splice(waiting.indexOf(start), 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      waiting.push(start);
    });
  }

  return async function run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    await enter(signal);
    try {
      return await work();
    } finally {
      running--;
      waiting.shift()?.();
    }
  };
}
