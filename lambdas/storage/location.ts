/** Where an object is: `s3://bucket/key`. */
export interface Location {
  bucket: string;
  key: string;
}

/** @throws TypeError for what is no S3 URL of an object */
export function parseLocation(url: string): Location {
  const match = /^s3:\/\/([^/]+)\/(.+)$/s.exec(url);
  const [, bucket, key] = match ?? [];
  if (bucket === undefined || key === undefined) {
    throw new TypeError(`"${url}" is not the address of an object: s3://bucket/key is the form.`);
  }
  return { bucket, key };
}

export function formatLocation({ bucket, key }: Location): string {
  return `s3://${bucket}/${key}`;
}
