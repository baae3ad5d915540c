import { describe, expect, it } from "vitest";
import { keepRunning, type OwnServer } from "../../bin/local/keep-running.ts";

/** A server that ends when the test says so. */
function fakeServer() {
  const { promise: ended, resolve } = Promise.withResolvers<void>();
  const server = {
    ending: undefined as string | undefined,
    ended,
    end(how: string) {
      server.ending ??= how;
      resolve();
    },
    stop: async () => server.end("exit code 0"),
  };
  return server satisfies OwnServer;
}
type FakeServer = ReturnType<typeof fakeServer>;

function watched(start: (servers: FakeServer[]) => Promise<FakeServer>) {
  const servers = [fakeServer()];
  const lines: string[] = [];
  const { promise: lost, resolve: onLost } = Promise.withResolvers<string>();
  let time = 0;
  const stop = keepRunning(servers[0] as FakeServer, {
    name: "Postgres",
    start: () => start(servers),
    tell: (line) => void lines.push(line),
    onLost,
    now: () => time,
  });
  return {
    servers,
    lines,
    lost,
    stop,
    wait: (ms: number) => {
      time += ms;
    },
  };
}

async function anotherOne(servers: FakeServer[]): Promise<FakeServer> {
  const server = fakeServer();
  servers.push(server);
  return server;
}

describe("a server that is kept running", () => {
  it("is started again when it ends by itself, and says so", async () => {
    const { servers, lines, stop } = watched(anotherOne);
    servers[0]?.end("SIGKILL");
    await expect
      .poll(() => lines)
      .toEqual(["Postgres has ended (SIGKILL): starting it again", "Postgres runs again"]);
    await stop();
    expect(servers.map(({ ending }) => ending)).toEqual(["SIGKILL", "exit code 0"]);
  });

  it("is not started again once it is stopped", async () => {
    const { servers, lines, stop } = watched(anotherOne);
    await stop();
    expect([servers.length, lines]).toEqual([1, []]);
  });

  it("is stopped also if that comes while it is being started", async () => {
    const release = Promise.withResolvers<void>();
    const { servers, lines, stop } = watched(async (servers) => {
      const server = await anotherOne(servers);
      await release.promise;
      return server;
    });
    servers[0]?.end("SIGKILL");
    await expect.poll(() => servers.length).toBe(2);
    const stopped = stop();
    release.resolve();
    await stopped;
    expect(servers[1]?.ending).toBe("exit code 0");
    expect(lines).toEqual(["Postgres has ended (SIGKILL): starting it again"]);
  });

  it("is given up if it can't be started, in one line with the reason", async () => {
    const { servers, lost, stop } = watched(async () => {
      throw new Error("its disk is full");
    });
    servers[0]?.end("exit code 1");
    expect(await lost).toBe("Postgres can't be kept running: its disk is full");
    await stop();
  });

  it("is given up at the sixth end within a minute, and not if they are further apart", async () => {
    const { servers, lost, wait } = watched(anotherOne);
    const endAndStart = async () => {
      const before = servers.length;
      servers.at(-1)?.end("SIGSEGV");
      await expect.poll(() => servers.length).toBe(before + 1);
    };
    for (let ends = 1; ends <= 12; ends++) {
      await endAndStart();
      wait(12_000);
    }
    await endAndStart();
    servers.at(-1)?.end("SIGSEGV");
    expect(await lost).toBe(
      "Postgres can't be kept running: it ended 6 times within a minute, at last with SIGSEGV",
    );
    expect(servers).toHaveLength(14);
  });
});
