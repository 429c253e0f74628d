import { expect, test } from "vitest";
import { isPublic } from "./address.ts";

test.each([
  "127.0.0.1",
  "10.1.2.3",
  "172.31.0.1",
  "192.168.1.1",
  "169.254.169.254",
  "100.64.0.1",
  "0.0.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "::1",
  "::",
  "fe80::1",
  "fe80::1%eth0",
  "fd00:ec2::254",
  "::ffff:127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b:1::7f00:1",
  "2001::7f00:1",
  "2002:7f00:1::",
  "2001:db8::1",
  "ff02::1",
  "nonsense",
])("%s is not public", (address) => expect(isPublic(address)).toBe(false));

test.each(["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111"])("%s is public", (address) =>
  expect(isPublic(address)).toBe(true),
);
