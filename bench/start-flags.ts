import manifest from "../package.json" with { type: "json" };

/** The flags that `npm start` gives to Node, but what it loads first: whatever is measured runs with them, floors as well. */
export const START_FLAGS = manifest.scripts.start.split(" ").filter((word) => /^--(?!import$)/.test(word));
