/** A logo as it is stored: a PNG of 8 bits a channel that this service has written. */
export interface LogoImage {
  readonly png: Uint8Array;
  /** In px. */
  readonly width: number;
  readonly height: number;
}
