/** Where a benchmark keeps the whole reply of a path, so that its floor has nothing to make. */
export const readyReply = (path: string) => `bench:reply:${path}`;
