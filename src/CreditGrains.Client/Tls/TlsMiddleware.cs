using System.IO.Pipelines;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging;

namespace CreditGrains.Client;

/// <summary>Puts TLS between Orleans and a connection: nothing of Orleans is said or heard before both ends have proved who they are.</summary>
internal sealed partial class TlsMiddleware(LedgerTlsOptions options, TlsIdentitySource identities, TimeProvider clock, ILogger logger)
{
    // A TLS record carries at most 16 KiB.
    private const int BufferBytes = 16 * 1024;

    /// <summary>Adds it to a connection that this end makes, to a silo.</summary>
    internal void Connect(IConnectionBuilder connection) => connection.Use(next => context => RunAsync(context, next, isServer: false, TlsPeer.Silo));

    /// <summary>Adds it to a connection that this end accepts.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="from">Who may make it.</param>
    internal void Accept(IConnectionBuilder connection, TlsPeer from) => connection.Use(next => context => RunAsync(context, next, isServer: true, from));

    private async Task RunAsync(ConnectionContext context, ConnectionDelegate next, bool isServer, TlsPeer peer)
    {
        var plain = context.Transport;
        await using var tls = new SslStream(new TransportStream(plain), leaveInnerStreamOpen: false);
        if (!await TryHandshakeAsync(tls, context, isServer, peer)) return;

        var input = PipeReader.Create(tls, new StreamPipeReaderOptions(bufferSize: BufferBytes, leaveOpen: true));
        var output = PipeWriter.Create(tls, new StreamPipeWriterOptions(minimumBufferSize: BufferBytes, leaveOpen: true));
        try
        {
            context.Transport = new Duplex(input, output);
            await next(context);
        }
        finally
        {
            await input.CompleteAsync();
            await output.CompleteAsync();
            context.Transport = plain;
        }
    }

    private async Task<bool> TryHandshakeAsync(SslStream tls, ConnectionContext context, bool isServer, TlsPeer peer)
    {
        var identity = identities.Current;
        TlsRefusal? refusal = null;
        using var timeout = new CancellationTokenSource(options.HandshakeTimeout, clock);
        try
        {
            if (isServer) await tls.AuthenticateAsServerAsync(ServerSide(), timeout.Token);
            else await tls.AuthenticateAsClientAsync(ClientSide(), timeout.Token);
            return true;
        }
        catch (Exception failure) when (failure is AuthenticationException or IOException or OperationCanceledException or InvalidOperationException)
        {
            if (refusal is { } reason) LogRefused(context.RemoteEndPoint, reason);
            else LogFailed(context.RemoteEndPoint, failure is OperationCanceledException ? "no handshake in time" : failure.Message);
            context.Abort(new ConnectionAbortedException("The other end is not believed.", failure));
            return false;
        }

        SslServerAuthenticationOptions ServerSide() => new()
        {
            ServerCertificateContext = identity.Shown,
            ClientCertificateRequired = true,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = IsBelieved,
            AllowRenegotiation = false,
        };

        SslClientAuthenticationOptions ClientSide() => new()
        {
            TargetHost = options.SiloName,
            ClientCertificateContext = identity.Shown,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            RemoteCertificateValidationCallback = IsBelieved,
            AllowRenegotiation = false,
        };

        bool IsBelieved(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
        {
            refusal = TlsPeerRules.FirstRefusal(
                certificate as X509Certificate2, chain?.ChainElements, identity.Authorities, peer, isServer: !isServer, options.SiloName, clock.GetUtcNow().UtcDateTime);
            return refusal is null;
        }
    }

    [LoggerMessage(LogLevel.Warning, "A connection with {Remote} is refused: {Refusal}")]
    private partial void LogRefused(System.Net.EndPoint? remote, TlsRefusal refusal);

    [LoggerMessage(LogLevel.Warning, "A connection with {Remote} came to no handshake: {Reason}")]
    private partial void LogFailed(System.Net.EndPoint? remote, string reason);

    private sealed class Duplex(PipeReader input, PipeWriter output) : IDuplexPipe
    {
        public PipeReader Input => input;

        public PipeWriter Output => output;
    }

    /// <summary>A connection's two pipes as one stream, for SslStream to read from and write to.</summary>
    private sealed class TransportStream(IDuplexPipe transport) : Stream
    {
        private readonly Stream _input = transport.Input.AsStream(leaveOpen: true);
        private readonly Stream _output = transport.Output.AsStream(leaveOpen: true);

        public override bool CanRead => true;

        public override bool CanWrite => true;

        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => _input.Read(buffer, offset, count);

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => _input.ReadAsync(buffer, cancellationToken);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _input.ReadAsync(buffer, offset, count, cancellationToken);

        public override void Write(byte[] buffer, int offset, int count) => _output.Write(buffer, offset, count);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) => _output.WriteAsync(buffer, cancellationToken);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => _output.WriteAsync(buffer, offset, count, cancellationToken);

        public override void Flush() => _output.Flush();

        public override Task FlushAsync(CancellationToken cancellationToken) => _output.FlushAsync(cancellationToken);

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}
