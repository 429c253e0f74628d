// A CloudFront function (cloudfront-js-2.0), and the same code in the local edge. A previewed server sets cookies for its own
// host only, and none with the name of the edge's.
function handler(event) {
  const response = event.response;
  const cookies = response.cookies || {};
  Object.keys(cookies).forEach(function (name) {
    if (name === "__Host-pv") {
      delete cookies[name];
      return;
    }
    const all = cookies[name].multiValue || [cookies[name]];
    [cookies[name]].concat(all).forEach(function (cookie) {
      if (cookie.attributes) cookie.attributes = withoutDomain(cookie.attributes);
    });
  });
  return response;
}

function withoutDomain(attributes) {
  return attributes
    .split(";")
    .filter(function (each) {
      return !/^\s*domain\s*(?:=|$)/i.test(each);
    })
    .join(";")
    .trim();
}
