/** Shares work among callers who want the same thing at the same time. One per process. */
export interface SingleFlight {
  /**
   * Runs `work`, or joins a run of the same key that has not begun yet. At most one run of a key is in progress;
   * callers that arrive meanwhile share the next one. So a caller gets what was read after it asked, never before, and
   * waits for two runs at most.
   *
   * @throws whatever the shared run throws
   */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

interface Flights {
  current: Promise<unknown>;
  /** Begins when the current one has ended. */
  next: Promise<unknown> | undefined;
}

export function singleFlight(): SingleFlight {
  const flights = new Map<string, Flights>();

  /** Lets `run` be the current one of its key. */
  function begin<T>(key: string, run: Promise<T>): Promise<T> {
    const flight: Flights = { current: run, next: undefined };
    flights.set(key, flight);
    const ended = () => {
      if (flights.get(key) === flight && !flight.next) flights.delete(key);
    };
    run.then(ended, ended);
    return run;
  }

  return {
    run<T>(key: string, work: () => Promise<T>): Promise<T> {
      const flight = flights.get(key);
      if (!flight) return begin(key, work());
      flight.next ??= flight.current.then(
        () => begin(key, work()),
        () => begin(key, work()),
      );
      return flight.next as Promise<T>;
    },
  };
}
