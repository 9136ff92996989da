/** A place on earth, in units of 10^-7 degrees. */
export interface Point {
  readonly latitude: number;
  readonly longitude: number;
}

/** Something that stands at a point. */
export interface Feature {
  readonly name: string;
  readonly location: Point;
}

const feature = (name: string, latitude: number, longitude: number): Feature => ({ name, location: { latitude, longitude } });

/** What stands on the map. */
export const features: readonly Feature[] = [
  feature('Harbour light', 536_000_000, 100_000_000),
  feature('Old mill', 536_100_000, 100_200_000),
  feature('Ferry landing', 536_250_000, 100_050_000),
  feature('Observatory', 537_500_000, 101_400_000),
];

/** What stands at a point; without a name where nothing does. */
export function featureAt(location: Point): Feature {
  return features.find((one) => isSame(one.location, location)) ?? { name: '', location };
}

/** Whether two points are one. */
export function isSame(a: Point, b: Point): boolean {
  return a.latitude === b.latitude && a.longitude === b.longitude;
}

/** Whether a point lies between two corners, whichever they are. */
export function isBetween({ latitude, longitude }: Point, lo: Point, hi: Point): boolean {
  const within = (value: number, a: number, b: number) => value >= Math.min(a, b) && value <= Math.max(a, b);
  return within(latitude, lo.latitude, hi.latitude) && within(longitude, lo.longitude, hi.longitude);
}

const EARTH_RADIUS = 6_371_000;

/** Metres between two points, by the haversine formula. */
export function distance(a: Point, b: Point): number {
  const radians = (e7: number) => (e7 / 1e7) * (Math.PI / 180);
  const [north, east] = [radians(b.latitude - a.latitude), radians(b.longitude - a.longitude)];
  const h = Math.sin(north / 2) ** 2 + Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude)) * Math.sin(east / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(h));
}
