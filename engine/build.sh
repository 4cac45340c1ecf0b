#!/bin/sh
# Builds the Pulumi CLI, which holds the engine, from its Go modules into the user's cache, unless it is there already.
# Prints the folder to hand to the Automation API on standard output, and nothing when there is no Go to build it with.
#
# Cold: about seven minutes on two cores and 2.3 GB of Go's own caches. Again: at once.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
package=github.com/pulumi/pulumi/pkg/v3
version=$(sed -n "s|^[[:space:]]*$package v\([0-9.]*\).*|\1|p" "$here/pulumi/go.mod")
if [ -z "$version" ]; then
  echo "engine: engine/pulumi/go.mod requires no version of $package" >&2
  exit 1
fi
root=${XDG_CACHE_HOME:-$HOME/.cache}/metercast/pulumi-$version
binary=$root/bin/pulumi

if [ -x "$binary" ]; then
  echo "$root"
  exit 0
fi
if ! command -v go >/dev/null; then
  echo "engine: no Go here to build Pulumi $version with" >&2
  exit 0
fi

echo "engine: building Pulumi $version with $(go env GOVERSION), which takes some minutes" >&2
mkdir -p "$root/bin"
partial=$(mktemp "$root/bin/.pulumi-XXXXXX")
trap 'rm -f "$partial"' EXIT
trap 'exit 1' HUP INT TERM
# `go install` of the package refuses its replace directives, so that a module of ours repeats the one that the build needs.
(cd "$here/pulumi" && go build -mod=readonly -buildvcs=false -trimpath \
  -ldflags "-s -w -X github.com/pulumi/pulumi/sdk/v3/go/common/version.Version=$version" \
  -o "$partial" "$package/cmd/pulumi") >&2
mv "$partial" "$binary"
echo "$root"
