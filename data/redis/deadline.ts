/**
 * Runs `expire` after `ms`, counted from the end of this turn of the event loop, unless the returned function is called
 * before. Keeps no process alive.
 *
 * In a busy process a timer fires late, and possibly before the process has read what arrived meanwhile: the event loop
 * polls for I/O only after it has run its timers (https://docs.libuv.org/en/v1.x/design.html#the-i-o-loop). So the
 * sockets are polled once more, and a reply that is already there wins. Commands are written at the end of the turn
 * in which they are sent; the time before that is not the server's.
 */
export function deadline(ms: number, expire: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  let turn = setImmediate(() => {
    timer = setTimeout(() => {
      turn = setImmediate(expire);
    }, ms).unref();
  });
  return () => {
    clearImmediate(turn);
    clearTimeout(timer);
  };
}
