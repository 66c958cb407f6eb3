declare module 'tablestore/lib/protocol/tablestore_compiled_proto.js' {
  /** One message of the protocol. */
  interface ProtoType {
    decode(bytes: Uint8Array): never;
    encode(message: object): { finish(): Uint8Array };
    create(message: object): object;
  }
  const protos: {
    main: { proto: Readonly<Record<string, ProtoType>> };
    filter: { proto: Readonly<Record<string, ProtoType>> };
  };
  export default protos;
}
