/* SPDX-License-Identifier: MIT
 * The request that makes a container: closed unless it is opened. */
#include "spec.h"
#include <json-glib/json-glib.h>
#include <string.h>

/* The least that a spec has. */
static Spec
least (void)
{
  return (Spec){
    .run_id = "r1", .test = "s/t", .owner = 7, .image = "i", .user = "5:6", .agent = "/a", .link = "/l", .keep = "/k"
  };
}

static JsonNode *
make (const Spec *spec)
{
  char *why = NULL;
  g_autofree char *body = spec_to_json (spec, &why);

  g_assert_nonnull (body);
  return json_from_string (body, NULL);
}

/* What JSONPath finds, as text without blanks. */
static void
check (JsonNode *root, const char *path, const char *wanted)
{
  g_autoptr (JsonNode) found = json_path_query (path, root, NULL);
  g_autofree char *text = json_to_string (found, FALSE);

  g_assert_cmpstr (text, ==, wanted);
}

static void
test_closed (void)
{
  Spec spec = least ();
  g_autoptr (JsonNode) root = make (&spec);

  check (root, "$.Image", "[\"i\"]");
  check (root, "$.User", "[\"5:6\"]");
  check (root, "$.Entrypoint", "[[\"/.srt/agent\"]]");
  check (root, "$.Labels", "[{\"srt.run\":\"r1\",\"srt.owner\":\"7\",\"srt.test\":\"s/t\"}]");
  check (root, "$.HostConfig.NetworkMode", "[\"none\"]");
  check (root, "$.HostConfig.ReadonlyRootfs", "[true]");
  check (root, "$.HostConfig.CapDrop", "[[\"ALL\"]]");
  check (root, "$.HostConfig.CapAdd", "[[]]");
  check (root, "$.HostConfig.SecurityOpt", "[[\"no-new-privileges\"]]");
  check (root, "$.HostConfig.Mounts[*].ReadOnly", "[true,true,false]");
  check (root, "$.HostConfig.Memory", "[]");
  check (root, "$.HostConfig.PidsLimit", "[]");
  check (root, "$.HostConfig.UsernsMode", "[]");
  check (root, "$.HostConfig.Binds", "[]");
}

static void
test_limits (void)
{
  const SpecUlimit ulimits[] = { { "nofile", 10, 20 }, { "core", 0, -1 }, { NULL } };
  Spec spec = least ();

  const char *const disks[] = { "/dev/sda", "/dev/sdb", NULL };
  spec.limits = (srt_limits){ .memory = 1 << 20, .cpu_milli = 500, .io_ops = 100 };
  spec.pids_max = 2048;
  spec.ulimits = ulimits;
  spec.disks = disks;
  spec.tmp_size = 4096;
  g_autoptr (JsonNode) root = make (&spec);
  check (root, "$.HostConfig.Memory", "[1048576]");
  check (root, "$.HostConfig.MemorySwap", "[1048576]");
  check (root, "$.HostConfig.NanoCpus", "[500000000]");
  check (root, "$.HostConfig.PidsLimit", "[2049]"); /* the agent is one */
  check (root, "$.HostConfig.Ulimits",
         "[[{\"Name\":\"nofile\",\"Soft\":10,\"Hard\":20},{\"Name\":\"core\",\"Soft\":0,\"Hard\":-1}]]");
  check (root, "$.HostConfig.BlkioDeviceReadIOps",
         "[[{\"Path\":\"/dev/sda\",\"Rate\":100},{\"Path\":\"/dev/sdb\",\"Rate\":100}]]");
  check (root, "$.HostConfig.BlkioDeviceWriteIOps[*].Path", "[\"/dev/sda\",\"/dev/sdb\"]");
  check (root, "$.HostConfig.Tmpfs['/tmp']", "[\"rw,exec,nosuid,nodev,mode=1777,size=4096\"]");
  check (root, "$.HostConfig.ShmSize", "[4096]");
}

/* Its own limit counts before the cap for all. */
static void
test_pids (void)
{
  Spec spec = least ();

  spec.limits.processes = 9;
  spec.pids_max = 2048;
  g_autoptr (JsonNode) root = make (&spec);
  check (root, "$.HostConfig.PidsLimit", "[10]");
}

static void
test_opened (void)
{
  const char *const caps[] = { "NET_RAW", NULL }, *const env[] = { "A=b", NULL };
  const char *const mounts[] = { "/x", "/y:/z", "/v:rw", "/q:/r:rw", NULL };
  const char *const devices[] = { "/dev/kvm", "/dev/a:/dev/b", NULL };
  Spec spec = least ();

  spec.caps = caps;
  spec.env = env;
  spec.mounts = mounts;
  spec.devices = devices;
  spec.network = NETWORK_BRIDGE;
  spec.workspace = "/w";
  spec.workspace_mode = WORKSPACE_RW;
  spec.keep_id = spec.label_off = true;
  g_autoptr (JsonNode) root = make (&spec);
  check (root, "$.Env", "[[\"A=b\"]]");
  check (root, "$.HostConfig.CapAdd", "[[\"NET_RAW\"]]");
  check (root, "$.HostConfig.NetworkMode", "[\"bridge\"]");
  check (root, "$.HostConfig.UsernsMode", "[\"keep-id\"]");
  check (root, "$.HostConfig.SecurityOpt", "[[\"no-new-privileges\",\"label=disable\"]]");
  check (root, "$.HostConfig.Mounts[*].Source", "[\"/a\",\"/l\",\"/k\",\"/w\",\"/x\",\"/y\",\"/v\",\"/q\"]");
  check (root, "$.HostConfig.Mounts[*].Target",
         "[\"/.srt/agent\",\"/.srt/link\",\"/.srt/keep\",\"/w\",\"/x\",\"/z\",\"/v\",\"/r\"]");
  check (root, "$.HostConfig.Mounts[*].ReadOnly", "[true,true,false,false,true,true,false,false]");
  check (root, "$.HostConfig.Devices[*].PathInContainer", "[\"/dev/kvm\",\"/dev/b\"]");
}

static void
test_overlay (void)
{
  Spec spec = least ();

  spec.workspace = "/w";
  spec.workspace_mode = WORKSPACE_OVERLAY;
  g_autoptr (JsonNode) root = make (&spec);
  check (root, "$.HostConfig.Binds", "[[\"/w:/w:O\"]]");
  check (root, "$.HostConfig.Mounts[*].Target", "[\"/.srt/agent\",\"/.srt/link\",\"/.srt/keep\"]");
}

static void
refuse (const char *mount, const char *device)
{
  const char *const mounts[] = { mount, NULL }, *const devices[] = { device, NULL };
  g_autofree char *why = NULL;
  Spec spec = least ();

  spec.mounts = mount ? mounts : NULL;
  spec.devices = device ? devices : NULL;
  g_assert_null (spec_to_json (&spec, &why));
  g_assert_nonnull (strstr (why, mount ? mount : device));
}

static void
test_refused (void)
{
  refuse ("relative", NULL);
  refuse ("/a:relative", NULL);
  refuse ("/a:/b:/c", NULL);
  refuse ("ro", NULL);
  refuse ("", NULL);
  refuse (NULL, "kvm");
}

static void
test_names (void)
{
  char text[200];

  spec_name ("abc", 12, text, sizeof text);
  g_assert_cmpstr (text, ==, "srt-abc-12");
  spec_list_path ("abc", text, sizeof text);
  g_assert_cmpstr (text, ==, "/containers/json?all=1&filters=%7B%22label%22%3A%5B%22srt.run%3Dabc%22%5D%7D");
}

/* For many tests: it names none, cleans up behind each, and may be anywhere. */
static void
test_warm (void)
{
  Spec spec = least ();
  char *why = NULL;

  spec.test = NULL;
  spec.link = SPEC_ANY_LINK;
  spec.keep = SPEC_ANY_LINK "-keep";
  g_autofree char *plan = spec_to_json (&spec, &why);
  g_autofree char *body = spec_place (plan, "/a \"b\"/c");
  g_autoptr (JsonNode) root = json_from_string (body, NULL);
  check (root, "$.Labels", "[{\"srt.run\":\"r1\",\"srt.owner\":\"7\"}]");
  check (root, "$.HostConfig.Mounts[1].Source", "[\"/a \\\"b\\\"/c\"]");
  check (root, "$.HostConfig.Mounts[2].Source", "[\"/a \\\"b\\\"/c-keep\"]");
  g_assert_nonnull (strstr (body, "\"--clean=/tmp:"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/container/spec/closed", test_closed);
  g_test_add_func ("/container/spec/limits", test_limits);
  g_test_add_func ("/container/spec/pids", test_pids);
  g_test_add_func ("/container/spec/opened", test_opened);
  g_test_add_func ("/container/spec/overlay", test_overlay);
  g_test_add_func ("/container/spec/refused", test_refused);
  g_test_add_func ("/container/spec/names", test_names);
  g_test_add_func ("/container/spec/warm", test_warm);
  return g_test_run ();
}
