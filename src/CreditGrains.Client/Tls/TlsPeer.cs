using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CreditGrains.Client;

/// <summary>Which part the other end plays in a connection.</summary>
internal enum TlsPeer
{
    /// <summary>A silo that was connected to, or that connects to another as one of the cluster.</summary>
    Silo = 1,

    /// <summary>Whoever connects to a gateway.</summary>
    Caller = 2,
}

/// <summary>Why the other end is not believed. In order of precedence: the first that applies is the one logged.</summary>
internal enum TlsRefusal
{
    /// <summary>It shows no certificate.</summary>
    NoCertificate = 1,

    /// <summary>Its certificate is of none of the authorities, has run out, is not valid yet, or may not be used at that end.</summary>
    NotBelieved = 2,

    /// <summary>It acts as a silo and its certificate does not carry the silos' name.</summary>
    NotASilo = 3,
}

/// <summary>Decides whether the other end is believed.</summary>
internal static class TlsPeerRules
{
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1"); // RFC 5280, id-kp-serverAuth
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2"); // RFC 5280, id-kp-clientAuth

    /// <summary>Gives the first refusal that applies; null if the peer is believed.</summary>
    /// <param name="certificate">What it shows.</param>
    /// <param name="presented">What it sent along.</param>
    /// <param name="authorities">The only roots that are believed.</param>
    /// <param name="peer">The part it plays.</param>
    /// <param name="isServer">Whether it is the end that was connected to.</param>
    /// <param name="siloName">The name that silos' certificates carry.</param>
    /// <param name="now">The present instant, UTC.</param>
    internal static TlsRefusal? FirstRefusal(
        X509Certificate2? certificate, X509ChainElementCollection? presented, X509Certificate2Collection authorities, TlsPeer peer, bool isServer, string siloName, DateTime now)
    {
        if (certificate is null) return TlsRefusal.NoCertificate;

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        chain.ChainPolicy.ApplicationPolicy.Add(isServer ? ServerUse : ClientUse);
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.DisableCertificateDownloads = true;
        // A private authority has no address to ask. What is to be believed no longer runs out soon, or its authority is replaced.
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (presented is not null)
        {
            foreach (var element in presented.Skip(1)) chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        if (!chain.Build(certificate)) return TlsRefusal.NotBelieved;
        return peer == TlsPeer.Silo && !certificate.MatchesHostname(siloName, allowWildcards: false, allowCommonName: false) ? TlsRefusal.NotASilo : null;
    }
}
