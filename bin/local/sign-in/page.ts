import type { Texts } from "../../../console/i18n/en.ts";
import { ROLES, type Role } from "./account.ts";

export interface SignInPage {
  texts: Texts["signInPage"];
  language: string;
  /** Those that are offered, the likeliest first. */
  tenants: string[];
  /** Whether the secret of the terminal is asked for. */
  asksSecret: boolean;
  problem?: string | undefined;
  /** Address of the style sheet. */
  styles: string;
}

/** Scripts run nowhere on it, so that it is as safe as the person who reads it. */
export const SIGN_IN_HEADERS = {
  "content-type": "text/html; charset=utf-8",
  "cache-control": "no-store",
  "content-security-policy":
    "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex",
};

/** Offers tenants and roles. Tenants' IDs hold no letter that HTML knows; whatever else is shown is ours. */
export function signInPage(page: SignInPage): string {
  const { texts, language, tenants, asksSecret, problem, styles } = page;
  return `<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${texts.title}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${styles}">
</head>
<body class="gate">
<main class="gate-card">
<span class="mark" aria-hidden="true"></span>
<h1>${texts.heading}</h1>
<p class="muted">${asksSecret ? texts.fromElsewhere : texts.atThisMachine}</p>
${problem ? `<p class="notice notice-bad" role="alert">${problem}</p>` : ""}
<form method="post" class="stack">
${asksSecret ? secretField(texts) : ""}
<fieldset class="segments"><legend>${texts.role}</legend>
<div class="segments-row">${(Object.keys(ROLES) as Role[]).map((role, index) => roleChoice(role, texts.roles[role], index === 0)).join("")}</div>
</fieldset>
<div class="stack-tight" role="group" aria-label="${texts.tenant}">
${tenants.map((tenant, index) => tenantButton(tenant, texts, index === 0)).join("\n")}
${tenants.length > 1 ? `<button class="button" name="tenant" value="${tenants.join("+")}">${texts.allTenants}</button>` : ""}
</div>
</form>
<form method="post" class="stack">
<details><summary>${texts.other}</summary>
${asksSecret ? secretField(texts) : ""}
<div class="inline-field"><label class="sr-only" for="tenant">${texts.otherLabel}</label>
<input id="tenant" name="tenant" required maxlength="64" pattern="[A-Za-z0-9_\\-]+" placeholder="tenant_new" autocapitalize="none" spellcheck="false">
<input type="hidden" name="role" value="administrator"><button class="button">${texts.go}</button></div>
</details>
</form>
</main>
</body>
</html>
`;
}

function secretField(texts: SignInPage["texts"]): string {
  return `<label class="field"><span class="field-label">${texts.secret}</span>
<input name="secret" type="password" autocomplete="off" autocapitalize="characters" spellcheck="false" required>
<span class="field-hint">${texts.secretHint}</span></label>`;
}

function roleChoice(role: Role, label: string, isChosen: boolean): string {
  return `<label><input type="radio" name="role" value="${role}"${isChosen ? " checked" : ""}><span>${label}</span></label>`;
}

function tenantButton(tenant: string, texts: SignInPage["texts"], isFirst: boolean): string {
  const kind = isFirst ? "button button-primary" : "button";
  return `<button class="${kind}" name="tenant" value="${tenant}">${texts.continueAs.replace("{tenant}", `<strong>${tenant}</strong>`)}</button>`;
}
