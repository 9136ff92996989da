/** Envoy's configuration: its JSON transcoder in front of one plaintext HTTP/2 upstream, errors with a body, everything else as it comes. */
export function envoyConfig(port: number, backendPort: number, descriptorSet: string): object {
  const type = (name: string) => `type.googleapis.com/envoy.${name}`;
  const at = (port: number) => ({ socket_address: { address: '127.0.0.1', port_value: port } });
  const transcoder = {
    '@type': type('extensions.filters.http.grpc_json_transcoder.v3.GrpcJsonTranscoder'),
    proto_descriptor: descriptorSet,
    services: ['bench.v1.Library'],
    convert_grpc_status: true,
  };
  const manager = {
    '@type': type('extensions.filters.network.http_connection_manager.v3.HttpConnectionManager'),
    stat_prefix: 'bench',
    route_config: { virtual_hosts: [{ name: 'all', domains: ['*'], routes: [{ match: { prefix: '/' }, route: { cluster: 'backend' } }] }] },
    http_filters: [
      { name: 'transcoder', typed_config: transcoder },
      { name: 'router', typed_config: { '@type': type('extensions.filters.http.router.v3.Router') } },
    ],
  };
  const http2 = {
    '@type': type('extensions.upstreams.http.v3.HttpProtocolOptions'),
    explicit_http_config: { http2_protocol_options: {} },
  };
  const backend = {
    name: 'backend',
    type: 'STATIC',
    typed_extension_protocol_options: { 'envoy.extensions.upstreams.http.v3.HttpProtocolOptions': http2 },
    load_assignment: { cluster_name: 'backend', endpoints: [{ lb_endpoints: [{ endpoint: { address: at(backendPort) } }] }] },
  };
  const listener = { address: at(port), filter_chains: [{ filters: [{ name: 'http', typed_config: manager }] }] };
  return { static_resources: { listeners: [listener], clusters: [backend] } };
}
