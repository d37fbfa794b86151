"""An S3 server on loopback for the tests: moto, which checks signatures and rights.

The first line on standard output tells where it listens and the keys of two users: `admin` may do all, `clerk` may use
the buckets `scans` and `archive`, and `missing`, which is not there, but not `closed`. Each line on standard input is a
call of `admin`, a JSON list of a name and arguments, answered by a line. It ends with its standard input.
"""

import json
import os
import sys

# What may be done before signatures and rights are checked: making the first user.
os.environ["INITIAL_NO_AUTH_ACTION_COUNT"] = "3"

import boto3  # noqa: E402
import tls  # noqa: E402
from botocore.exceptions import ClientError  # noqa: E402
from moto.server import ThreadedMotoServer  # noqa: E402

server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
server.start()
endpoint = "http://%s:%d" % server.get_host_and_port()


def client(service, key, secret):
    return boto3.client(
        service, endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id=key, aws_secret_access_key=secret
    )


def user(iam, name, resources):
    iam.create_user(UserName=name)
    key = iam.create_access_key(UserName=name)["AccessKey"]
    statement = {"Effect": "Allow", "Action": "*", "Resource": resources}
    iam.put_user_policy(
        UserName=name, PolicyName="all", PolicyDocument=json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    )
    return key["AccessKeyId"], key["SecretAccessKey"]


admin = user(client("iam", "none", "none"), "admin", "*")
clerk = user(
    client("iam", *admin), "clerk", ["arn:aws:s3:::" + b + end for b in ("scans", "archive", "missing") for end in ("", "/*")]
)
s3 = client("s3", *admin)
for bucket in ("scans", "archive", "closed"):
    s3.create_bucket(Bucket=bucket)
# Listings of buckets that keep old versions tell less of an object than its answer does.
s3.put_bucket_versioning(Bucket="scans", VersioningConfiguration={"Status": "Enabled"})


def keys(bucket, prefix):
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [entry["Key"] for page in pages for entry in page.get("Contents", [])]


def put(bucket, key, path):
    s3.upload_file(path, bucket, key)


def get(bucket, key, path):
    try:
        s3.download_file(bucket, key, path)
        return True
    except ClientError:
        return False


def delete(bucket, key):
    s3.delete_object(Bucket=bucket, Key=key)


def uploads(bucket):
    """Multipart uploads that were begun and neither completed nor aborted."""
    return [upload["Key"] for upload in s3.list_multipart_uploads(Bucket=bucket).get("Uploads", [])]


def secure():
    """The port on which the same is served with TLS, and the file of the authority that vouches for it."""
    return tls.serve(server.get_host_and_port()[1])


print(json.dumps({"port": server.get_host_and_port()[1], "admin": admin, "clerk": clerk}), flush=True)
for line in sys.stdin:
    name, *arguments = json.loads(line)
    print(json.dumps(globals()[name](*arguments)), flush=True)
server.stop()
