import { useState } from "preact/hooks";
import { forgetReads } from "../api/live.ts";
import { keepSession, may, session } from "../auth/session.ts";
import { signOut } from "../auth/sign-in.ts";
import type { ConsoleConfig } from "../config.ts";
import { chooseLanguage, LANGUAGES, language, texts } from "../i18n/language.ts";
import type { Language } from "../i18n/texts-for.ts";
import { PAGES } from "../pages/table.tsx";
import { unselect } from "../state/selection.ts";
import { chooseTheme, THEMES, type Theme, theme } from "../state/theme.ts";
import { Icon } from "./icon.tsx";

/** Pages that are come to from the list of codes. */
const OF_CODES = ["code", "design", "new", "sheets"];

/** The pages, whose codes they show, and how; on a narrow screen behind a button. */
export function Sidebar({ config, current }: { config: ConsoleConfig; current: string }) {
  const [isOpen, setOpen] = useState(false);
  const { nav, product } = texts.value;
  const shown = OF_CODES.includes(current) ? "codes" : current;
  return (
    <header class="sidebar">
      <div class="sidebar-top">
        <a class="brand" href="#/codes">
          <span class="mark" aria-hidden="true" />
          {product}
        </a>
        <button
          type="button"
          class="button menu-button"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "close" : "menu"} />
          {nav.menu}
        </button>
      </div>
      <div id="menu" class={isOpen ? "menu menu-open" : "menu"}>
        <nav aria-label={nav.label}>
          <ul>
            {PAGES.filter(({ isListed, needs }) => isListed && (!needs || may(needs))).map(
              ({ name, icon, label }) => (
                <li key={name}>
                  <a
                    href={`#/${name}`}
                    aria-current={name === shown ? "page" : undefined}
                    onClick={() => setOpen(false)}
                  >
                    <Icon name={icon} />
                    {label(texts.value)}
                  </a>
                </li>
              ),
            )}
          </ul>
        </nav>
        <Preferences config={config} />
      </div>
    </header>
  );
}

function Preferences({ config }: { config: ConsoleConfig }) {
  const { account } = texts.value;
  const { tenant = "", tenants = [] } = session.value ?? {};
  return (
    <div class="preferences">
      {!may("qr:write") && <p class="muted small">{account.readOnly}</p>}
      {tenants.length > 1 ? (
        <Choice
          label={account.tenant}
          value={tenant}
          of={tenants.map((name) => [name, name])}
          choose={chooseTenant}
        />
      ) : (
        <p class="tenant" title={account.tenant}>
          <span class="sr-only">{account.tenant}: </span>
          <bdi>{tenant}</bdi>
        </p>
      )}
      <Choice
        label={account.language}
        value={language.value}
        of={Object.entries(LANGUAGES)}
        choose={(chosen) => chooseLanguage(chosen as Language)}
      />
      <Choice
        label={account.theme}
        value={theme.value}
        of={THEMES.map((name) => [name, account.themes[name]])}
        choose={(chosen) => chooseTheme(chosen as Theme)}
      />
      <button type="button" class="button button-quiet" onClick={() => signOut(config)}>
        <Icon name="out" />
        {account.signOut}
      </button>
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  of: (readonly [value: string, label: string])[];
  choose(value: string): void;
}

function Choice({ label, value, of, choose }: ChoiceProps) {
  return (
    <label class="choice">
      <span>{label}</span>
      <select value={value} onChange={(event) => choose(event.currentTarget.value)}>
        {of.map(([name, text]) => (
          <option key={name} value={name}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}

function chooseTenant(tenant: string): void {
  if (!session.value) return;
  forgetReads();
  unselect();
  keepSession({ ...session.value, tenant });
  location.hash = "#/codes";
}
