import { expect, test } from "vitest";
import { reachedBy, translateReply } from "./network.ts";

const addresses = {
  origin: "http://localhost:3000",
  bucket: "http://127.0.0.1:41000",
  socket: "ws://localhost:3000/socket",
};
const reached = "http://192.168.1.5:8080";

test.each([
  ["192.168.1.5:8080", reached],
  ["[fe80::1]:3000", "http://[fe80::1]:3000"],
  ["nas:3000", "http://nas:3000"],
  ["box.local", "http://box.local"],
  ["evil.example:3000", undefined],
  ["", undefined],
])("a request to %s has reached %s", (host, origin) => {
  expect(reachedBy({ headers: { host } })).toBe(origin);
});

test("a reply names the bucket and the socket by the caller's address, and leaves the text of files alone", () => {
  const body = {
    upload: "http://127.0.0.1:41000/blobs/files/x?X-Amz-Signature=1",
    socket: "ws://localhost:3000/socket",
    file: "Open http://localhost:3000 and ws://localhost:3000/socket?x",
  };
  const reply = translateReply(
    {
      status: 200,
      headers: {
        "content-type": "application/json; charset=UTF-8",
        "content-security-policy": "connect-src 'self' ws://localhost:3000 http://127.0.0.1:41000",
        location: "http://localhost:3000/settings",
      },
      body: Buffer.from(JSON.stringify(body)),
    },
    reached,
    addresses,
  );
  expect(JSON.parse(reply.body.toString())).toEqual({
    upload: `${reached}/_bucket/blobs/files/x?X-Amz-Signature=1`,
    socket: "ws://192.168.1.5:8080/socket",
    file: body.file,
  });
  expect(reply.headers).toMatchObject({
    "content-security-policy": `connect-src 'self' ws://192.168.1.5:8080 ${reached}`,
    location: `${reached}/settings`,
  });
});

test("what is not text stays byte by byte", () => {
  const body = Buffer.from([0, 255, 1]);
  const reply = { status: 200, headers: { "content-type": "image/png" }, body };
  expect(translateReply(reply, reached, addresses).body).toBe(body);
});
