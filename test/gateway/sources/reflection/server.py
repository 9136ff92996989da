"""A server of Python grpcio on a free port, which it prints: offers services of a FileDescriptorSet by reflection, and implements none of them.

    python3 server.py SET SERVICE...
"""

import sys
from concurrent import futures

import grpc
from google.protobuf import descriptor_pb2, descriptor_pool
from grpc_reflection.v1alpha import reflection

pool = descriptor_pool.DescriptorPool()
with open(sys.argv[1], "rb") as file:
    for each in descriptor_pb2.FileDescriptorSet.FromString(file.read()).file:
        pool.Add(each)

server = grpc.server(futures.ThreadPoolExecutor(max_workers=4))
reflection.enable_server_reflection([*sys.argv[2:], reflection.SERVICE_NAME], server, pool=pool)
print(server.add_insecure_port("127.0.0.1:0"), flush=True)
server.start()
server.wait_for_termination()
