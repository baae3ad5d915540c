import { removeCode } from "../../functions/delete/use-case.ts";
import { patchCode } from "../../functions/patch/use-case.ts";
import { servicesFrom } from "../../functions/runtime/services.ts";
import { die } from "./pipeline/die.ts";

/*
 * A process that changes a code of `tenant_a` and is killed between the commit and the invalidation. Arguments: the
 * code's ID, its new target (none deletes it), the checked variables as JSON.
 */

const [qrId = "", targetUrl = "", variables = ""] = process.argv.slice(2);
const services = await servicesFrom(JSON.parse(variables));
const mortal = { ...services, cache: { ...services.cache, forget: die } };
if (targetUrl === "") await removeCode(mortal, "tenant_a", qrId);
else await patchCode(mortal, "tenant_a", qrId, { targetUrl });
