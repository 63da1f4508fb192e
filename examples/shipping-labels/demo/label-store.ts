import { nanoid } from 'nanoid';

interface Label {
  readonly parcelId: string;
  readonly trackingNumber: string;
  readonly createdAt: string;
  readonly voided: boolean;
}

/** The labels of a parcel at one time. */
interface Listing {
  readonly labels: readonly Label[];
  readonly asOf: string;
}

interface Parcel {
  labels: readonly Label[];
  /** The labels before the latest change. */
  before: Listing;
  /** Creates received. */
  creates: number;
  readonly keys: Map<string, string>;
}

/** What the carrier has printed and voided. The audit counts it. */
export function createLabelStore() {
  const parcels = new Map<string, Parcel>();
  const now = () => new Date().toISOString();

  const parcelOf = (parcelId: string): Parcel => {
    const known = parcels.get(parcelId);
    if (known !== undefined) return known;
    const parcel: Parcel = { labels: [], before: { labels: [], asOf: now() }, creates: 0, keys: new Map() };
    parcels.set(parcelId, parcel);
    return parcel;
  };
  const change = (parcel: Parcel, labels: readonly Label[]) => {
    parcel.before = { labels: parcel.labels, asOf: now() };
    parcel.labels = labels;
  };
  const live = (parcelId: string) => parcelOf(parcelId).labels.filter(({ voided }) => !voided);

  return {
    received(parcelId: string) {
      parcelOf(parcelId).creates += 1;
    },
    print(parcelId: string, key: string | undefined): Label {
      const parcel = parcelOf(parcelId);
      const label = { parcelId, trackingNumber: `PARCEL-${nanoid()}`, createdAt: now(), voided: false };
      change(parcel, [...parcel.labels, label]);
      if (key !== undefined) parcel.keys.set(key, label.trackingNumber);
      return label;
    },
    void(parcelId: string, trackingNumber: string): Label | undefined {
      const parcel = parcelOf(parcelId);
      const label = parcel.labels.find((each) => each.trackingNumber === trackingNumber);
      if (label === undefined) return undefined;
      const voided = { ...label, voided: true };
      if (!label.voided)
        change(
          parcel,
          parcel.labels.map((each) => (each === label ? voided : each)),
        );
      return voided;
    },
    printedWith(parcelId: string, key: string): Label | undefined {
      const parcel = parcelOf(parcelId);
      return parcel.labels.find(({ trackingNumber }) => trackingNumber === parcel.keys.get(key));
    },
    list: (parcelId: string): Listing => ({ labels: parcelOf(parcelId).labels, asOf: now() }),
    /** The list of a replica that lags behind by one change. */
    listBefore: (parcelId: string): Listing => parcelOf(parcelId).before,
    live: (parcelId: string): readonly string[] => live(parcelId).map(({ trackingNumber }) => trackingNumber),
    creates: (parcelId: string): number => parcelOf(parcelId).creates,
    /** Counts all parcels for which a create was received or a label exists. */
    audit() {
      const all = [...parcels].filter(([, { creates, labels }]) => creates > 0 || labels.length > 0);
      const labels = all.flatMap(([, parcel]) => parcel.labels);
      const withLive = (fits: (count: number) => boolean) => all.filter(([id]) => fits(live(id).length)).length;
      return {
        parcels: all.length,
        exactlyOne: withLive((count) => count === 1),
        duplicates: withLive((count) => count > 1),
        missing: withLive((count) => count === 0),
        creates: all.reduce((sum, [, { creates }]) => sum + creates, 0),
        printed: labels.length,
        voided: labels.filter(({ voided }) => voided).length,
      };
    },
  };
}
