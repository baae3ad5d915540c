// Written by `npm run openapi` from openapi.json.

export interface StoredCodeStyle {
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
}

export interface QrCode {
  qrId: string;
  tenantId: string;
  /** http or https */
  targetUrl: string;
  /** what the picture encodes */
  scanUrl: string;
  name: string | null;
  tags: string[];
  status: "active" | "paused";
  /** what a scan would meet now */
  state: "open" | "early" | "expired" | "exhausted" | "paused";
  startsAt: string | null;
  expiresAt: string | null;
  maxScans: number | null;
  /** http or https */
  fallbackUrl: string | null;
  alphanumeric: boolean;
  style: StoredCodeStyle | null;
  createdAt: string;
  updatedAt: string;
  version: number;
  /** as counted now */
  scans: number;
}

export interface ListedQrCode extends QrCode {
  /** scans on the page's `date`, in UTC; with `today=true` alone */
  today?: number;
  /** of a deleted code alone */
  deletedAt?: string;
}

export interface QrCodePage {
  qrCodes: ListedQrCode[];
  /** of the codes on this page */
  count: number;
  /** whether the reply came from Redis */
  cached: boolean;
  /** the UTC day of `today`, with `today=true` */
  date?: string;
  /** absent on the last page */
  nextCursor?: string;
}

export interface RowFailure {
  /** of the file, where the row begins; of JSON its place in the list */
  line?: number;
  qrId?: string;
  /** the field */
  path: string;
  message: string;
}

export interface FieldError {
  path: string;
  message: string;
}

export interface Problem {
  type: string;
  title: string;
  status: number;
  detail: string;
  requestId: string;
  current?: ListedQrCode;
  /** rows of an import, or codes, that can't be written */
  failed?: number;
  failures?: RowFailure[];
  errors?: FieldError[];
}

export interface StoredQrCode extends QrCode {
  /** whether the reply came from Redis */
  cached: boolean;
}

export interface LogoSizes {
  L: number;
  M: number;
  Q: number;
  H: number;
}

export interface PictureLogo {
  /** in % of the code's width, as it is drawn; 0 if it is left out */
  size: number;
  largest: LogoSizes;
}

export interface PictureWarning {
  code: "lower-level" | "shorter-id" | "too-small" | "narrow-quiet-zone" | "dark-ground" | "logo-left-out";
  message: string;
}

export interface PictureInfo {
  /** 1 to 40 */
  version: number;
  /** a side of the code, without its quiet zone */
  modules: number;
  errorCorrection: "L" | "M" | "Q" | "H";
  /** of the picture, with quiet zone and frame */
  widthInModules: number;
  heightInModules: number;
  distanceMm: number;
  /** of the picture, to be scanned from that distance */
  leastWidthMm: number;
  leastModuleMm: number;
  logo?: PictureLogo;
  warnings: PictureWarning[];
}

export interface DailyScans {
  date: string;
  scans: number;
  unique: number;
}

export interface HourlyScans {
  hour: number;
  scans: number;
}

export interface ValueCount {
  value: string;
  scans: number;
}

export interface ScanStats {
  qrId: string;
  scans: number;
  /** on `date`, in UTC whatever `tz` is */
  today: number;
  date: string;
  tz: string;
  bots: number;
  /** the sum over UTC days: nobody is recognised on another day */
  uniqueVisitors: number;
  lastScannedAt: string | null;
  daily: DailyScans[];
  /** the hours of a day, over all these days, by the clocks of the time zone */
  hourly: HourlyScans[];
  countries: ValueCount[];
  devices: ValueCount[];
  browsers: ValueCount[];
  referrers: ValueCount[];
  source: "redis" | "postgres";
}

export interface Actor {
  /** a person with a token, or a machine with an API key */
  type: "user" | "key";
  /** the token's `sub`, or the key's ID */
  id: string;
  /** what people know them by */
  name: string | null;
}

export interface FieldChange {
  field: string;
  from: unknown;
  to: unknown;
}

export interface HistoryEntry {
  /** that of the change's event */
  id: string;
  qrId: string;
  change: "created" | "updated" | "deleted" | "restored" | "imported";
  changedAt: string;
  /** of the code after the change */
  version: number;
  actor: Actor;
  changes: FieldChange[];
}

export interface HistoryPage {
  history: HistoryEntry[];
  /** of the changes on this page */
  count: number;
  /** absent on the last page */
  nextCursor?: string;
}

export interface TopCode {
  qrId: string;
  name: string | null;
  scans: number;
}

export interface UnscannedCode {
  qrId: string;
  name: string | null;
  createdAt: string;
}

export interface TenantStats {
  /** persisted so far */
  scans: number;
  /** persisted so far on `date`, in UTC whatever `tz` is */
  today: number;
  date: string;
  tz: string;
  bots: number;
  /** the sum over UTC days: nobody is recognised on another day */
  uniqueVisitors: number;
  lastScannedAt: string | null;
  daily: DailyScans[];
  /** the hours of a day, over all these days, by the clocks of the time zone */
  hourly: HourlyScans[];
  countries: ValueCount[];
  devices: ValueCount[];
  browsers: ValueCount[];
  referrers: ValueCount[];
  /** up to 20 */
  topCodes: TopCode[];
  /** codes that nobody has ever scanned, oldest first, up to 20 */
  unscannedCodes: UnscannedCode[];
  /** of all of them; 1,000 means that many or more */
  unscannedCount: number;
}

export interface CodeStyle {
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
}

export interface QrCodeInput {
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  targetUrl: string;
  /** chosen by the caller; without it the service makes one */
  qrId?: string | null;
  /** 200 characters at most once trimmed and in NFC; one of them can be seen */
  name?: string | null;
  tags?: string[];
  /** with an offset, in the years 2000 to 9999 */
  startsAt?: string | null;
  /** with an offset, in the years 2000 to 9999 */
  expiresAt?: string | null;
  maxScans?: number | null;
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  fallbackUrl?: string | null;
  alphanumeric?: boolean;
  style?: CodeStyle | null;
}

export interface CreatedQrCode extends QrCode {
  /** the picture of its scan URL */
  svg: string;
}

export interface ImportRow {
  qrId?: string | null;
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  targetUrl?: string;
  /** 200 characters at most once trimmed and in NFC; one of them can be seen */
  name?: string | null;
  tags?: string[] | null;
  status?: "active" | "paused";
  /** with an offset, in the years 2000 to 9999 */
  startsAt?: string | null;
  /** with an offset, in the years 2000 to 9999 */
  expiresAt?: string | null;
  maxScans?: number | null;
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  fallbackUrl?: string | null;
  alphanumeric?: boolean | null;
  style?: CodeStyle | null;
}

export interface ImportInput {
  codes: ImportRow[];
}

export type ImportCsv = string;

export interface ImportedCode {
  line: number;
  /** `null` in a dry run that would make it */
  qrId: string | null;
  result: "created" | "updated" | "unchanged" | "skipped";
}

export interface ImportReport {
  dryRun: boolean;
  rows: number;
  created: number;
  updated: number;
  /** codes that had all of it already */
  unchanged: number;
  skipped: number;
  /** rows */
  failed: number;
  /** the first 1,000, by line */
  failures: RowFailure[];
  /** the rows that did not fail, in their order */
  codes: ImportedCode[];
}

export interface CodeFilter {
  /** 3 characters or more; Chinese, Japanese or Korean also less */
  q?: string;
  /** one of the code's tags, whole */
  tag?: string;
  /** as it was set: an active code may have expired, which its state says */
  status?: "active" | "paused";
}

export interface CodeSelection {
  ids?: string[];
  filter?: CodeFilter;
}

export interface BulkSet {
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  targetUrl?: string;
  /** 200 characters at most once trimmed and in NFC; one of them can be seen */
  name?: string | null;
  tags?: string[] | null;
  status?: "active" | "paused";
  /** with an offset, in the years 2000 to 9999 */
  startsAt?: string | null;
  /** with an offset, in the years 2000 to 9999 */
  expiresAt?: string | null;
  maxScans?: number | null;
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  fallbackUrl?: string | null;
  style?: CodeStyle | null;
}

export interface BulkInput {
  select: CodeSelection;
  set?: BulkSet;
  addTags?: string[];
  removeTags?: string[];
  delete?: boolean;
  restore?: boolean;
}

export interface BulkReport {
  dryRun: boolean;
  selected: number;
  changed: string[];
  /** those that had all of it already */
  unchanged: string[];
  /** IDs of which the tenant has no code */
  notFound: string[];
}

export interface QrCodePatch {
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  targetUrl?: string;
  /** 200 characters at most once trimmed and in NFC; one of them can be seen */
  name?: string | null;
  tags?: string[] | null;
  status?: "active" | "paused";
  /** with an offset, in the years 2000 to 9999 */
  startsAt?: string | null;
  /** with an offset, in the years 2000 to 9999 */
  expiresAt?: string | null;
  maxScans?: number | null;
  /** absolute, without credentials or invisible characters; not a scan URL of this service */
  fallbackUrl?: string | null;
  style?: CodeStyle | null;
}

export interface ApiKey {
  keyId: string;
  name: string;
  scopes: ("qr:read" | "qr:write" | "qr:admin")[];
  createdBy: Actor;
  createdAt: string;
  expiresAt: string | null;
  /** to the minute, at most one too early */
  lastUsedAt: string | null;
}

export interface ApiKeyList {
  keys: ApiKey[];
  count: number;
}

export interface ApiKeyRequest {
  /** 100 characters at most once trimmed and in NFC; one of them can be seen */
  name: string;
  scopes: ("qr:read" | "qr:write" | "qr:admin")[];
  /** with an offset, in the years 2000 to 9999 */
  expiresAt?: string | null;
}

export interface NewApiKey {
  keyId: string;
  name: string;
  scopes: ("qr:read" | "qr:write" | "qr:admin")[];
  createdBy: Actor;
  createdAt: string;
  expiresAt: string | null;
  /** to the minute, at most one too early */
  lastUsedAt: string | null;
  /** the key itself, shown this once */
  key: string;
}

export interface StoredPictureStyle {
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
}

export interface PictureStyle {
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
}

export interface Logo {
  name: string;
  /** in px, as it is kept */
  width: number;
  height: number;
  /** of the PNG that is kept */
  bytes: number;
  createdAt: string;
  updatedAt: string;
}

export interface LogoList {
  logos: Logo[];
  count: number;
}

export interface WifiContent {
  /** name of the network, at most 32 bytes as UTF-8 */
  ssid: string;
  password?: string;
  /** without it `wpa` if there is a password, else `none` */
  security?: "wpa" | "wep" | "none";
  /** whether the network does not tell its name */
  hidden?: boolean;
}

export interface ContactPhone {
  /** with its country code */
  number: string;
  type?: "work" | "home" | "cell";
}

export interface ContactEmail {
  /** an email address */
  address: string;
  type?: "work" | "home";
}

export interface ContactAddress {
  /** with the number of the house */
  street?: string;
  /** or town */
  city?: string;
  /** state or province */
  region?: string;
  /** as the country writes it */
  postalCode?: string;
  /** its name */
  country?: string;
}

export interface ContactContent {
  /** first name */
  givenName?: string;
  /** last name */
  familyName?: string;
  /** company */
  organization?: string;
  /** position in the organization */
  title?: string;
  /** telephone numbers, the most important first */
  phones?: ContactPhone[];
  /** email addresses, the most important first */
  emails?: ContactEmail[];
  /** of a website */
  url?: string;
  address?: ContactAddress;
  /** may have several lines */
  note?: string;
}

export interface GeoContent {
  /** in degrees, north of the equator; WGS 84 */
  latitude: number;
  /** in degrees, east of Greenwich; WGS 84 */
  longitude: number;
  /** in metres */
  altitude?: number;
}

export interface EmailContent {
  /** an email address */
  to: string;
  /** of the message that is to be written */
  subject?: string;
  /** of the message that is to be written */
  body?: string;
}

export interface PictureContent {
  wifi?: WifiContent;
  vcard?: ContactContent;
  /** as it is, a URL for example */
  text?: string;
  geo?: GeoContent;
  email?: EmailContent;
  /** with its country code */
  phone?: string;
}

export interface SheetFilter {
  /** 3 characters or more; Chinese, Japanese or Korean also less */
  q?: string;
  /** one of the code's tags, whole */
  tag?: string;
  /** as it was set: an active code may have expired, which its state says */
  status?: "active" | "paused";
}

export interface SheetPage {
  /** in mm */
  width: number;
  /** in mm */
  height: number;
}

export interface SheetGaps {
  /** in mm */
  horizontal: number;
  /** in mm */
  vertical: number;
}

export interface SheetMargins {
  /** in mm */
  top: number;
  /** in mm */
  right: number;
  /** in mm */
  bottom: number;
  /** in mm */
  left: number;
}

export interface SheetLayout {
  page: SheetPage;
  /** of labels */
  rows: number;
  /** of labels */
  columns: number;
  gaps?: SheetGaps;
  margins: SheetMargins;
}

export interface SheetInput {
  /** codes in the order of the labels */
  ids?: string[];
  filter?: SheetFilter;
  /** 24 labels of 70 × 37 mm on A4, 30 of 2 5/8 × 1 in on Letter (Avery 5160), or what `custom` says */
  layout: "a4-3x8" | "letter-5160" | "custom";
  custom?: SheetLayout;
  /** beside or under each code; `id` also stands for a name that can't be set */
  caption?: "name" | "id" | "none";
  /** labels of each code, one after another */
  copies?: number;
  /** labels of the first page that are left empty */
  skip?: number;
  /** where to cut */
  cropMarks?: boolean;
  /** as of a picture that is printed */
  ink?: "rgb" | "cmyk" | "black";
  /** the name of a spot colour */
  spot?: string;
}

export interface Health {
  status: "ok" | "degraded" | "down";
  redis: "ok" | "failing";
  breaker: "closed" | "half-open" | "open";
  postgres: "ok" | "read-only" | "failing";
  /** why the database is read-only: its disk is full, say */
  reason?: string;
  /** how late callbacks run, 99th percentile; only of a process that serves many requests at a time */
  eventLoopDelayMs?: number;
}

export interface ListQuery {
  /** codes on a page; 100 without it */
  limit?: number;
  /** `nextCursor` of the page before; anything else is refused */
  cursor?: string;
  /** 3 characters or more; Chinese, Japanese or Korean also less */
  q?: string;
  /** one of the code's tags, whole */
  tag?: string;
  /** as it was set: an active code may have expired, which its state says */
  status?: "active" | "paused";
  /** each code has its scans of the current UTC day, which the page names as `date` */
  today?: string;
  /** lists what can be restored, last deleted first; with `limit` and `cursor` alone */
  deleted?: string;
}

export interface GetQuery {
  /** decides over `Accept` */
  format?: "json" | "svg" | "png";
  /** width in px; without it a PNG has 512, an SVG 8 px a module */
  size?: number;
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
  /** raises the level or shrinks the logo where it is too large, instead of 422 */
  fit?: "true" | "false";
  /** physical width of the picture; not of `info`, which judges it */
  width?: string;
  /** physical side of a module, in place of `width` */
  module?: string;
  /** of a PNG with a physical size: at least so many dots an inch; 300 without it */
  dpi?: number;
}

export interface PictureQuery {
  /** without it `Accept` decides, and an SVG is drawn if it names none of them */
  format?: "svg" | "png" | "pdf" | "eps" | "info";
  /** width in px; without it a PNG has 512, an SVG 8 px a module */
  size?: number;
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
  /** raises the level or shrinks the logo where it is too large, instead of 422 */
  fit?: "true" | "false";
  /** physical width of the picture; not of `info`, which judges it */
  width?: string;
  /** physical side of a module, in place of `width` */
  module?: string;
  /** of a PNG with a physical size: at least so many dots an inch; 300 without it */
  dpi?: number;
  /** of a PDF or EPS: black ink alone, or colours as RGB or CMYK; without it black is black ink alone */
  ink?: "rgb" | "cmyk" | "black";
  /** of a PDF or EPS: the name of a spot colour */
  spot?: string;
  /** of `info`: from where it is to be scanned; 300mm without it */
  distance?: string;
}

export interface StatsQuery {
  /** of history, today included; 30 without it */
  days?: number;
  /** IANA time zone at whose midnight the days begin; UTC without it. Visitors are counted by UTC day */
  tz?: string;
}

export interface HistoryQuery {
  /** changes on a page; 100 without it */
  limit?: number;
  /** `nextCursor` of the page before; anything else is refused */
  cursor?: string;
}

export interface TenantHistoryQuery {
  /** changes on a page; 100 without it */
  limit?: number;
  /** `nextCursor` of the page before; anything else is refused */
  cursor?: string;
}

export interface TenantStatsQuery {
  /** of history, today included; 30 without it */
  days?: number;
  /** IANA time zone at whose midnight the days begin; UTC without it. Visitors are counted by UTC day */
  tz?: string;
  /** one of the code's tags, whole */
  tag?: string;
}

export interface ScansQuery {
  /** the first instant, as 2026-03-01 or 2026-03-01T08:00:00Z; the oldest scan kept without it */
  from?: string;
  /** the instant before which they end; none without it */
  to?: string;
  /** as the link to the next page has it */
  cursor?: string;
  /** `csv` (RFC 4180; the default) or `ndjson`, a JSON object on each line */
  format?: "csv" | "ndjson";
  /** rows on a page; 10000 without it, or as many as fit a reply */
  limit?: number;
}

export interface TenantScansQuery {
  /** the first instant, as 2026-03-01 or 2026-03-01T08:00:00Z; the oldest scan kept without it */
  from?: string;
  /** the instant before which they end; none without it */
  to?: string;
  /** as the link to the next page has it */
  cursor?: string;
  /** `csv` (RFC 4180; the default) or `ndjson`, a JSON object on each line */
  format?: "csv" | "ndjson";
  /** rows on a page; 10000 without it, or as many as fit a reply */
  limit?: number;
}

export interface ExportQuery {
  /** `csv` (RFC 4180; the default) or `ndjson`, a JSON object on each line */
  format?: "csv" | "ndjson";
  /** rows on a page; 10000 without it, or as many as fit a reply */
  limit?: number;
  /** `nextCursor` of the page before; anything else is refused */
  cursor?: string;
  /** 3 characters or more; Chinese, Japanese or Korean also less */
  q?: string;
  /** one of the code's tags, whole */
  tag?: string;
  /** as it was set: an active code may have expired, which its state says */
  status?: "active" | "paused";
}

export interface ImportQuery {
  /** `atomic` (the default) imports all rows or none, `partial` those that are good */
  mode?: "atomic" | "partial";
  /** what becomes of a row whose `qrId` the tenant has a code of: `fail` is the default */
  onConflict?: "fail" | "update" | "skip";
  /** `true` says what would happen, and changes nothing */
  dryRun?: "true" | "false";
}

export interface BulkQuery {
  /** `true` says what would happen, and changes nothing */
  dryRun?: "true" | "false";
}

export interface StaticPictureQuery {
  /** without it `Accept` decides, and an SVG is drawn if it names none of them */
  format?: "svg" | "png" | "pdf" | "eps" | "info";
  /** width in px; without it a PNG has 512, an SVG 8 px a module */
  size?: number;
  /** quiet zone on each side, in modules; 4 without it */
  margin?: number;
  /** error correction: about 7, 15, 25 or 30 % may be damaged; M without it */
  ecc?: "L" | "M" | "Q" | "H";
  /** shape of the modules; square without it */
  modules?: "square" | "rounded" | "dots";
  /** shape of the three finders; square without it */
  finders?: "square" | "rounded";
  /** of the dark modules; black without it */
  color?: string;
  /** of the finders' rings; that of the modules without it */
  ring?: string;
  /** within the finders' rings; theirs without it */
  eye?: string;
  /** of the light modules and the quiet zone; white without it */
  background?: string;
  /** the name of one of the tenant's logos, drawn in the middle; empty for none, over a default that has one */
  logo?: string;
  /** width of the logo in % of the code's; without it 20, or what fits if that is less */
  logoSize?: number;
  /** a line around the picture, or a banner at its foot for the caption; none without it */
  frame?: "none" | "line" | "banner";
  /** a line of text under the code */
  caption?: string;
  /** raises the level or shrinks the logo where it is too large, instead of 422 */
  fit?: "true" | "false";
  /** physical width of the picture; not of `info`, which judges it */
  width?: string;
  /** physical side of a module, in place of `width` */
  module?: string;
  /** of a PNG with a physical size: at least so many dots an inch; 300 without it */
  dpi?: number;
  /** of a PDF or EPS: black ink alone, or colours as RGB or CMYK; without it black is black ink alone */
  ink?: "rgb" | "cmyk" | "black";
  /** of a PDF or EPS: the name of a spot colour */
  spot?: string;
  /** of `info`: from where it is to be scanned; 300mm without it */
  distance?: string;
}
