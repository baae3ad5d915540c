import { removeCode } from "../../functions/delete/use-case.ts";
import { patchCode } from "../../functions/patch/use-case.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { personOf } from "./person.ts";
import { die } from "./pipeline/die.ts";

/*
 * A process that changes a code of `tenant_a` and is killed. Arguments: the code's ID, its new target (none deletes it), the
 * checked variables as JSON, and what it does not live to do: `commit`, when it has closed the keys, or `invalidate`.
 */

const [qrId = "", targetUrl = "", variables = "", before = ""] = process.argv.slice(2);
const services = await servicesFrom(JSON.parse(variables));
const cache = { ...services.cache, forget: die };
if (before === "commit") {
  cache.close = async (change) => {
    await services.cache.close(change);
    return die();
  };
}
const mortal = { ...services, cache };
if (targetUrl === "") await removeCode(mortal, personOf("tenant_a"), qrId);
else await patchCode(mortal, personOf("tenant_a"), qrId, { targetUrl });
