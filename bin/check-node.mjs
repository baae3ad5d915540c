// Plain JavaScript, so that any Node can read it: loaded before the service (`node --import`), or run by itself.
import { existsSync, readFileSync } from "node:fs";

const ROOT = new URL("../", import.meta.url);

/** Whether a version is in a range of `^1.2.3` and `>=1.2.3`, joined by `||`. */
function satisfies(version, range) {
  return range.split("||").some((part) => {
    const [, operator, lowest] = /(\^|>=)\s*([\d.]+)/.exec(part) ?? [];
    if (!lowest) return false;
    const [has, needs] = [version, lowest].map((text) => text.split(".").map(Number));
    if (operator === "^" && has[0] !== needs[0]) return false;
    const different = needs.findIndex((number, index) => number !== has[index]);
    return different === -1 || has[different] > needs[different];
  });
}

/** What is missing to run the service with Node `version`, in one line; `undefined` if nothing is. */
function missing(version) {
  const { engines, optionalDependencies } = JSON.parse(readFileSync(new URL("package.json", ROOT), "utf8"));
  if (!existsSync(new URL("node_modules", ROOT))) return "nothing is installed: run `npm ci` first";
  if (satisfies(version, engines.node)) return undefined;
  const system = process.platform === "win32" ? "win" : process.platform;
  const own = `node-${system}-${process.arch}`;
  const remedy = Object.hasOwn(optionalDependencies, own)
    ? `\`npm ci\` without --omit=optional installs the right one (${own})`
    : `there is none among the npm packages for ${process.platform} on ${process.arch}: install one from nodejs.org`;
  return `this is Node ${version}, and the service needs ${engines.node}; ${remedy}`;
}

const reason = missing(process.versions.node);
if (reason) {
  console.error(`Can't run: ${reason}.`);
  process.exit(1);
}
