/** Colours and shapes. Every pair of ink and ground has a contrast of at least 4.5 to 1 (WCAG 2.2, 1.4.3). */

export interface Theme {
  readonly ground: string;
  readonly field: string;
  readonly fieldEdge: string;
  readonly ink: string;
  readonly softInk: string;
  readonly accent: string;
  readonly accentInk: string;
  readonly noticeGround: string;
  readonly noticeInk: string;
  readonly radius: number;
  /** A family that the app has loaded; default: the system's. */
  readonly fontFamily?: string;
}

/** Changes of one scheme alone. */
export interface SchemeThemes {
  readonly light?: Partial<Theme>;
  readonly dark?: Partial<Theme>;
}

export const lightTheme: Theme = {
  ground: '#ffffff',
  field: '#f4f6f9',
  fieldEdge: '#8b95a5',
  ink: '#10151d',
  softInk: '#525d6d',
  accent: '#1d4ed8',
  accentInk: '#ffffff',
  noticeGround: '#fdf3e0',
  noticeInk: '#6d3b00',
  radius: 14,
};

export const darkTheme: Theme = {
  ground: '#12161d',
  field: '#1c222c',
  fieldEdge: '#667286',
  ink: '#f2f5f9',
  softInk: '#a9b4c3',
  accent: '#8fb4ff',
  accentInk: '#0b1733',
  noticeGround: '#33270f',
  noticeInk: '#ffd79a',
  radius: 14,
};
