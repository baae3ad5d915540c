// Written by `npm run openapi` from openapi.json.

import type {
  ApiKeyList,
  ApiKeyRequest,
  BulkInput,
  BulkQuery,
  BulkReport,
  CreatedQrCode,
  ExportQuery,
  GetQuery,
  Health,
  HistoryPage,
  HistoryQuery,
  ImportInput,
  ImportQuery,
  ImportReport,
  ListQuery,
  Logo,
  LogoList,
  NewApiKey,
  PictureContent,
  PictureInfo,
  PictureQuery,
  PictureStyle,
  QrCode,
  QrCodeInput,
  QrCodePage,
  QrCodePatch,
  ScanStats,
  ScansQuery,
  SheetInput,
  StaticPictureQuery,
  StatsQuery,
  StoredPictureStyle,
  StoredQrCode,
  TenantHistoryQuery,
  TenantScansQuery,
  TenantStats,
  TenantStatsQuery,
} from "../../clients/typescript/src/schema.ts";

export const OPERATIONS = {
  list: { method: "GET", path: "/qr" },
  get: { method: "GET", path: "/qr/{qrId}" },
  patch: { method: "PATCH", path: "/qr/{qrId}" },
  delete: { method: "DELETE", path: "/qr/{qrId}" },
  picture: { method: "GET", path: "/qr/{qrId}/picture" },
  stats: { method: "GET", path: "/qr/{qrId}/stats" },
  history: { method: "GET", path: "/qr/{qrId}/history" },
  tenantHistory: { method: "GET", path: "/history" },
  tenantStats: { method: "GET", path: "/stats" },
  scans: { method: "GET", path: "/qr/{qrId}/scans" },
  tenantScans: { method: "GET", path: "/scans" },
  export: { method: "GET", path: "/export" },
  generate: { method: "POST", path: "/generate" },
  import: { method: "POST", path: "/import" },
  bulk: { method: "POST", path: "/bulk" },
  restore: { method: "POST", path: "/qr/{qrId}/restore" },
  listKeys: { method: "GET", path: "/keys" },
  createKey: { method: "POST", path: "/keys" },
  revokeKey: { method: "DELETE", path: "/keys/{keyId}" },
  getStyle: { method: "GET", path: "/style" },
  putStyle: { method: "PUT", path: "/style" },
  listLogos: { method: "GET", path: "/logos" },
  getLogo: { method: "GET", path: "/logos/{name}" },
  putLogo: { method: "PUT", path: "/logos/{name}" },
  deleteLogo: { method: "DELETE", path: "/logos/{name}" },
  staticPicture: { method: "POST", path: "/pictures" },
  sheets: { method: "POST", path: "/sheets" },
  scan: { method: "GET", path: "/scan/{qrId}" },
  publicSvg: { method: "GET", path: "/scan/{qrId}/picture.svg" },
  publicPng: { method: "GET", path: "/scan/{qrId}/picture.png" },
  health: { method: "GET", path: "/health" },
  openapi: { method: "GET", path: "/openapi.json" },
} as const;

export interface Calls {
  list: { params: undefined; query: ListQuery; body: undefined; reply: QrCodePage };
  get: { params: { qrId: string }; query: GetQuery; body: undefined; reply: StoredQrCode };
  patch: { params: { qrId: string }; query: undefined; body: QrCodePatch; reply: QrCode };
  delete: { params: { qrId: string }; query: undefined; body: undefined; reply: undefined };
  picture: { params: { qrId: string }; query: PictureQuery; body: undefined; reply: PictureInfo };
  stats: { params: { qrId: string }; query: StatsQuery; body: undefined; reply: ScanStats };
  history: { params: { qrId: string }; query: HistoryQuery; body: undefined; reply: HistoryPage };
  tenantHistory: { params: undefined; query: TenantHistoryQuery; body: undefined; reply: HistoryPage };
  tenantStats: { params: undefined; query: TenantStatsQuery; body: undefined; reply: TenantStats };
  scans: { params: { qrId: string }; query: ScansQuery; body: undefined; reply: undefined };
  tenantScans: { params: undefined; query: TenantScansQuery; body: undefined; reply: undefined };
  export: { params: undefined; query: ExportQuery; body: undefined; reply: undefined };
  generate: { params: undefined; query: undefined; body: QrCodeInput; reply: CreatedQrCode };
  import: { params: undefined; query: ImportQuery; body: ImportInput; reply: ImportReport };
  bulk: { params: undefined; query: BulkQuery; body: BulkInput; reply: BulkReport };
  restore: { params: { qrId: string }; query: undefined; body: undefined; reply: QrCode };
  listKeys: { params: undefined; query: undefined; body: undefined; reply: ApiKeyList };
  createKey: { params: undefined; query: undefined; body: ApiKeyRequest; reply: NewApiKey };
  revokeKey: { params: { keyId: string }; query: undefined; body: undefined; reply: undefined };
  getStyle: { params: undefined; query: undefined; body: undefined; reply: StoredPictureStyle };
  putStyle: { params: undefined; query: undefined; body: PictureStyle; reply: StoredPictureStyle };
  listLogos: { params: undefined; query: undefined; body: undefined; reply: LogoList };
  getLogo: { params: { name: string }; query: undefined; body: undefined; reply: Blob };
  putLogo: { params: { name: string }; query: undefined; body: undefined; reply: Logo };
  deleteLogo: { params: { name: string }; query: undefined; body: undefined; reply: undefined };
  staticPicture: { params: undefined; query: StaticPictureQuery; body: PictureContent; reply: PictureInfo };
  sheets: { params: undefined; query: undefined; body: SheetInput; reply: Blob };
  scan: { params: { qrId: string }; query: undefined; body: undefined; reply: undefined };
  publicSvg: { params: { qrId: string }; query: undefined; body: undefined; reply: Blob };
  publicPng: { params: { qrId: string }; query: undefined; body: undefined; reply: Blob };
  health: { params: undefined; query: undefined; body: undefined; reply: Health };
  openapi: { params: undefined; query: undefined; body: undefined; reply: undefined };
}

export const BOUNDS = {
  patch: {
    targetUrl: { maxLength: 2048 },
    name: { minLength: 1, maxLength: 200 },
    tags: { maxItems: 20, items: { minLength: 1, maxLength: 50 } },
    status: { enum: ["active", "paused"] },
    startsAt: {},
    expiresAt: {},
    maxScans: { minimum: 1, maximum: 2147483647 },
    fallbackUrl: { maxLength: 2048 },
    style: {},
  },
  generate: {
    targetUrl: { maxLength: 2048 },
    qrId: {},
    name: { minLength: 1, maxLength: 200 },
    tags: { maxItems: 20, items: { minLength: 1, maxLength: 50 } },
    startsAt: {},
    expiresAt: {},
    maxScans: { minimum: 1, maximum: 2147483647 },
    fallbackUrl: { maxLength: 2048 },
    alphanumeric: {},
    style: {},
  },
  import: {
    mode: { enum: ["atomic", "partial"] },
    onConflict: { enum: ["fail", "update", "skip"] },
    dryRun: { enum: ["true", "false"] },
  },
  bulk: { dryRun: { enum: ["true", "false"] } },
  createKey: {
    name: { minLength: 1, maxLength: 100 },
    scopes: { maxItems: 3, items: { enum: ["qr:read", "qr:write", "qr:admin"] } },
    expiresAt: {},
  },
  putStyle: {
    margin: { minimum: 0, maximum: 16 },
    ecc: { enum: ["L", "M", "Q", "H"] },
    modules: { enum: ["square", "rounded", "dots"] },
    finders: { enum: ["square", "rounded"] },
    color: {},
    ring: {},
    eye: {},
    background: {},
    logo: {},
    logoSize: { minimum: 1, maximum: 50 },
    frame: { enum: ["none", "line", "banner"] },
    caption: { maxLength: 40 },
  },
  staticPicture: {
    format: { enum: ["svg", "png", "pdf", "eps", "info"] },
    size: { minimum: 64, maximum: 2048 },
    margin: { minimum: 0, maximum: 16 },
    ecc: { enum: ["L", "M", "Q", "H"] },
    modules: { enum: ["square", "rounded", "dots"] },
    finders: { enum: ["square", "rounded"] },
    color: {},
    ring: {},
    eye: {},
    background: {},
    logo: {},
    logoSize: { minimum: 1, maximum: 50 },
    frame: { enum: ["none", "line", "banner"] },
    caption: { maxLength: 40 },
    fit: { enum: ["true", "false"] },
    width: {},
    module: {},
    dpi: { minimum: 72, maximum: 2400 },
    ink: { enum: ["rgb", "cmyk", "black"] },
    spot: {},
    distance: {},
  },
  sheets: {
    ids: { maxItems: 500, items: {} },
    filter: {},
    layout: { enum: ["a4-3x8", "letter-5160", "custom"] },
    custom: {},
    caption: { enum: ["name", "id", "none"] },
    copies: { minimum: 1, maximum: 1000 },
    skip: { minimum: 0, maximum: 9999 },
    cropMarks: {},
    ink: { enum: ["rgb", "cmyk", "black"] },
    spot: {},
  },
  list: {
    limit: { minimum: 1, maximum: 100 },
    cursor: {},
    q: { minLength: 1, maxLength: 200 },
    tag: { minLength: 1, maxLength: 50 },
    status: { enum: ["active", "paused"] },
    today: {},
    deleted: {},
  },
  get: {
    format: { enum: ["json", "svg", "png"] },
    size: { minimum: 64, maximum: 2048 },
    margin: { minimum: 0, maximum: 16 },
    ecc: { enum: ["L", "M", "Q", "H"] },
    modules: { enum: ["square", "rounded", "dots"] },
    finders: { enum: ["square", "rounded"] },
    color: {},
    ring: {},
    eye: {},
    background: {},
    logo: {},
    logoSize: { minimum: 1, maximum: 50 },
    frame: { enum: ["none", "line", "banner"] },
    caption: { maxLength: 40 },
    fit: { enum: ["true", "false"] },
    width: {},
    module: {},
    dpi: { minimum: 72, maximum: 2400 },
  },
  picture: {
    format: { enum: ["svg", "png", "pdf", "eps", "info"] },
    size: { minimum: 64, maximum: 2048 },
    margin: { minimum: 0, maximum: 16 },
    ecc: { enum: ["L", "M", "Q", "H"] },
    modules: { enum: ["square", "rounded", "dots"] },
    finders: { enum: ["square", "rounded"] },
    color: {},
    ring: {},
    eye: {},
    background: {},
    logo: {},
    logoSize: { minimum: 1, maximum: 50 },
    frame: { enum: ["none", "line", "banner"] },
    caption: { maxLength: 40 },
    fit: { enum: ["true", "false"] },
    width: {},
    module: {},
    dpi: { minimum: 72, maximum: 2400 },
    ink: { enum: ["rgb", "cmyk", "black"] },
    spot: {},
    distance: {},
  },
  stats: { days: { minimum: 1, maximum: 365 }, tz: {} },
  history: { limit: { minimum: 1, maximum: 100 }, cursor: {} },
  tenantHistory: { limit: { minimum: 1, maximum: 100 }, cursor: {} },
  tenantStats: { days: { minimum: 1, maximum: 365 }, tz: {}, tag: { minLength: 1, maxLength: 50 } },
  scans: {
    from: {},
    to: {},
    cursor: {},
    format: { enum: ["csv", "ndjson"] },
    limit: { minimum: 1, maximum: 10000 },
  },
  tenantScans: {
    from: {},
    to: {},
    cursor: {},
    format: { enum: ["csv", "ndjson"] },
    limit: { minimum: 1, maximum: 10000 },
  },
  export: {
    format: { enum: ["csv", "ndjson"] },
    limit: { minimum: 1, maximum: 10000 },
    cursor: {},
    q: { minLength: 1, maxLength: 200 },
    tag: { minLength: 1, maxLength: 50 },
    status: { enum: ["active", "paused"] },
  },
} as const;
