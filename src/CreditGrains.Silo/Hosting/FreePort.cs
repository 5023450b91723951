using System.Net;
using System.Net.Sockets;

namespace CreditGrains.Silo.Hosting;

/// <summary>Finds a port that nobody listens on.</summary>
internal static class FreePort
{
    /// <summary>Gives a port of the loopback address that was free a moment ago.</summary>
    internal static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
