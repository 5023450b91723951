using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace CreditGrains.Journal.Tests.Azurite;

/// <summary>What becomes of the bytes of a connection.</summary>
internal enum Wire
{
    Passes,

    /// <summary>What the client sends next is thrown away, and the connection with it.</summary>
    LosesRequest,

    /// <summary>What the client sends next arrives; what comes back is thrown away, and the connection with it.</summary>
    LosesReply,

    /// <summary>The connection is lost as soon as the client has sent its request, which arrives some time later nevertheless.</summary>
    DeliversLate,
}

/// <summary>A proxy on loopback that hangs up once, and passes everything else.</summary>
internal sealed class FaultyProxy : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly ConcurrentBag<TcpClient> _clients = [];
    private int _next;
    private int _requests;
    private int _late;

    internal FaultyProxy(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Gets or sets the fault that is still to come.</summary>
    internal Wire Next
    {
        get => (Wire)Volatile.Read(ref _next);
        set => Volatile.Write(ref _next, (int)value);
    }

    /// <summary>Gets how many transactions were begun by clients, passed on or not.</summary>
    internal int Transactions => Volatile.Read(ref _requests);

    /// <summary>Gets how many requests are still on their way although their clients have been told otherwise.</summary>
    internal int Late => Volatile.Read(ref _late);

    /// <summary>Gets or sets how late a late request is.</summary>
    internal TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Hangs up, and listens no more.</summary>
    public void Dispose()
    {
        _listener.Dispose();
        while (_clients.TryTake(out var client)) client.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true) _ = ServeAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        _clients.Add(client);
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await await Task.WhenAny(PassRequestsAsync(client.GetStream(), server.GetStream()), PassRepliesAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception over) when (over is IOException or SocketException or ObjectDisposedException)
            {
            }
        }
    }

    private async Task PassRequestsAsync(NetworkStream client, NetworkStream server)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await client.ReadAsync(buffer)) > 0)
        {
            if (buffer.AsSpan(0, length).StartsWith("POST "u8) && buffer.AsSpan(0, length).IndexOf("/$batch"u8) is > 0 and < 100) Interlocked.Increment(ref _requests);
            if (IsDue(Wire.LosesRequest)) return;
            if (IsDue(Wire.DeliversLate))
            {
                Interlocked.Increment(ref _late);
                _ = DeliverAsync(await RestAsync(client, buffer.AsMemory(0, length)));
                return;
            }

            await server.WriteAsync(buffer.AsMemory(0, length));
        }
    }

    /// <summary>Reads on until the request is whole: its head names the length of its body.</summary>
    private static async Task<byte[]> RestAsync(NetworkStream client, ReadOnlyMemory<byte> begun)
    {
        using var request = new MemoryStream();
        request.Write(begun.Span);
        var buffer = new byte[64 * 1024];
        while (!IsWhole(request.GetBuffer().AsSpan(0, (int)request.Length)))
        {
            var length = await client.ReadAsync(buffer);
            if (length == 0) break;
            request.Write(buffer.AsSpan(0, length));
        }

        return request.ToArray();
    }

    private static bool IsWhole(ReadOnlySpan<byte> request)
    {
        var head = request.IndexOf("\r\n\r\n"u8);
        if (head < 0) return false;
        var name = "Content-Length: "u8;
        var at = request[..head].IndexOf(name);
        if (at < 0) return true;
        var number = request[(at + name.Length)..];
        return request.Length >= head + 4 + int.Parse(number[..number.IndexOf((byte)'\r')], System.Globalization.CultureInfo.InvariantCulture);
    }

    private async Task DeliverAsync(byte[] request)
    {
        try
        {
            await Task.Delay(Delay);
            using var server = new TcpClient();
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await server.GetStream().WriteAsync(request);
            _ = await server.GetStream().ReadAsync(new byte[64 * 1024]); // carried out by now
        }
        finally
        {
            Interlocked.Decrement(ref _late);
        }
    }

    private async Task PassRepliesAsync(NetworkStream server, NetworkStream client)
    {
        var buffer = new byte[64 * 1024];
        int length;
        while ((length = await server.ReadAsync(buffer)) > 0)
        {
            if (IsDue(Wire.LosesReply)) return;
            await client.WriteAsync(buffer.AsMemory(0, length));
        }
    }

    private bool IsDue(Wire fault) => Interlocked.CompareExchange(ref _next, (int)Wire.Passes, (int)fault) == (int)fault;
}
