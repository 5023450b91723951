using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace CreditGrains.Silo.Hosting;

/// <summary>Makes an authority and certificates of it, for trials: whoever has the folder can be any silo and any caller.</summary>
internal static class DevelopmentCertificates
{
    internal const string AuthorityFile = "authority.pem";
    internal const string CallerFile = "caller.pem";
    internal const string CallerKeyFile = "caller.key";

    private const UnixFileMode OwnerReads = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnerOnly = OwnerReads | UnixFileMode.UserExecute;

    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    /// <summary>
    /// Writes <c>authority.pem</c>, <c>silo.pem</c>, <c>silo.key</c>, <c>caller.pem</c> and <c>caller.key</c>, and settings <c>silo.json</c> that name
    /// the silo's, in the place of what was there.
    /// </summary>
    /// <param name="folder">Made if it is not there, for its owner alone.</param>
    /// <param name="siloName">The DNS name that the silos' certificate carries.</param>
    /// <param name="from">The first instant at which the certificates are valid.</param>
    /// <param name="until">The last.</param>
    internal static void Write(string folder, string siloName, DateTimeOffset from, DateTimeOffset until)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(folder);
        else Directory.CreateDirectory(folder, OwnerOnly);

        using var authority = Authority(from, until);
        WriteText(folder, AuthorityFile, authority.ExportCertificatePem());
        Issue(folder, "silo", authority, siloName, [ServerUse, ClientUse], from, until);
        WriteText(folder, "silo.json", """{ "tls": { "certificate": "silo.pem", "key": "silo.key", "authority": "authority.pem" } }""");
        Issue(folder, "caller", authority, null, [ClientUse], from, until);
    }

    private static X509Certificate2 Authority(DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=CreditGrains development authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request.CreateSelfSigned(from, until);
    }

    private static void Issue(string folder, string name, X509Certificate2 authority, string? dnsName, Oid[] uses, DateTimeOffset from, DateTimeOffset until)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=CreditGrains {name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([.. uses], critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, true, false));
        if (dnsName is not null)
        {
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName(dnsName);
            request.CertificateExtensions.Add(names.Build());
        }

        using var certificate = request.Create(authority, from, until, RandomNumberGenerator.GetBytes(16));

        // The key first: who looks in between finds a pair that does not fit, and looks again.
        WriteText(folder, $"{name}.key", key.ExportPkcs8PrivateKeyPem());
        WriteText(folder, $"{name}.pem", certificate.ExportCertificatePem());
    }

    private static void WriteText(string folder, string name, string text)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerReads;
        using var file = new StreamWriter(Path.Combine(folder, name), options);
        file.WriteLine(text);
    }
}
