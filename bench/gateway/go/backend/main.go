// The gRPC server behind every gateway of the benchmark. It answers each method with bytes made beforehand, so that it is not what is measured.
package main

import (
	"context"
	"flag"
	"log"
	"net"
	"os"
	"path/filepath"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/encoding"
	"google.golang.org/grpc/mem"
	"google.golang.org/grpc/status"
)

const itemsPerStream = 100

// rawCodec hands messages over as the bytes that they are.
type rawCodec struct{}

func (rawCodec) Marshal(v any) (mem.BufferSlice, error) {
	return mem.BufferSlice{mem.SliceBuffer(*v.(*[]byte))}, nil
}

func (rawCodec) Unmarshal(mem.BufferSlice, any) error { return nil }

func (rawCodec) Name() string { return "proto" }

var _ encoding.CodecV2 = rawCodec{}

func main() {
	listen := flag.String("listen", "127.0.0.1:0", "address")
	folder := flag.String("replies", "", "folder with the reply message of each method, METHOD.binpb")
	flag.Parse()

	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	server := grpc.NewServer(grpc.ForceServerCodecV2(rawCodec{}), grpc.NumStreamWorkers(4))
	server.RegisterService(&grpc.ServiceDesc{
		ServiceName: "bench.v1.Library",
		HandlerType: (*any)(nil),
		Methods: []grpc.MethodDesc{
			unary("GetBook", *folder),
			unary("CreateBook", *folder),
			unary("ListBooks", *folder),
			unary("ReadBook", *folder),
			{MethodName: "FindBook", Handler: findBook},
		},
		Streams: []grpc.StreamDesc{{StreamName: "WatchBooks", ServerStreams: true, Handler: watch(reply("WatchBooks", *folder))}},
	}, struct{}{})
	log.Fatal(server.Serve(listener))
}

func reply(method, folder string) *[]byte {
	bytes, err := os.ReadFile(filepath.Join(folder, method+".binpb"))
	if err != nil {
		log.Fatal(err)
	}
	return &bytes
}

func unary(method, folder string) grpc.MethodDesc {
	message := reply(method, folder)
	return grpc.MethodDesc{MethodName: method, Handler: func(_ any, _ context.Context, decode func(any) error, _ grpc.UnaryServerInterceptor) (any, error) {
		return message, decode(nil)
	}}
}

func findBook(any, context.Context, func(any) error, grpc.UnaryServerInterceptor) (any, error) {
	return nil, status.Error(codes.NotFound, "no such book")
}

func watch(message *[]byte) grpc.StreamHandler {
	return func(_ any, stream grpc.ServerStream) error {
		if err := stream.RecvMsg(nil); err != nil {
			return err
		}
		for range itemsPerStream {
			if err := stream.SendMsg(message); err != nil {
				return err
			}
		}
		return nil
	}
}
