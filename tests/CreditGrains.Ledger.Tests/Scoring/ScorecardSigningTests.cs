using System.Security.Cryptography;
using Xunit;

namespace CreditGrains.Ledger.Tests;

/// <summary>Who vouches for a document.</summary>
public sealed class ScorecardSigningTests
{
    [Fact]
    public void A_signature_holds_through_writing_and_reading_however_the_text_is_laid_out()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var verifier = ScorecardSigning.ReadKey(key.ExportSubjectPublicKeyInfoPem())!;

        var signed = ScorecardSigning.Sign(Documents.Full, key, "risk-1");

        Assert.Equal(("ES256", "risk-1", 86), (signed.Signature!.Algorithm, signed.Signature.KeyId, signed.Signature.Value.Length));
        Assert.Equal(ScorecardJson.DigestOf(Documents.Full), ScorecardJson.DigestOf(signed));
        var text = ScorecardJson.Write(signed).Replace("\n", "\n\n", StringComparison.Ordinal);
        Assert.True(ScorecardSigning.Verify(ScorecardJson.Read(text).Document!, verifier));
        Assert.True(ScorecardSigning.Verify(ScorecardSigning.Sign(signed, key, "risk-2"), key));
    }

    [Fact]
    public void A_changed_document_another_key_and_no_signature_verify_as_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        var signed = ScorecardSigning.Sign(Documents.Full, key, "k");

        Assert.False(ScorecardSigning.Verify(Documents.Full, key));
        Assert.False(ScorecardSigning.Verify(signed, other));
        Assert.False(ScorecardSigning.Verify(signed, longer));
        Assert.False(ScorecardSigning.Verify(signed with { InitialPoints = 0.25 }, key));
        Assert.False(ScorecardSigning.Verify(signed with { Notes = signed.Notes + " " }, key));
    }

    [Fact]
    public void A_key_is_read_from_PEM_and_only_one_of_P256()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);
        using var rsa = RSA.Create(2048);

        foreach (var pem in new[] { key.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem() })
        {
            using var read = ScorecardSigning.ReadKey(pem)!;
            Assert.True(ScorecardSigning.Verify(ScorecardSigning.Sign(Documents.Full, read, "k"), key));
        }

        foreach (var pem in new[] { "", "no key", longer.ExportPkcs8PrivateKeyPem(), rsa.ExportPkcs8PrivateKeyPem(), key.ExportECPrivateKeyPem().Replace("M", "N", StringComparison.Ordinal) })
            Assert.Null(ScorecardSigning.ReadKey(pem));
    }

    [Fact]
    public void What_cannot_be_signed_is_a_mistake_of_the_caller()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var longer = ECDsa.Create(ECCurve.NamedCurves.nistP384);

        Assert.Throws<ArgumentException>(() => ScorecardSigning.Sign(Documents.Full, longer, "k"));
        Assert.Throws<ArgumentException>(() => ScorecardSigning.Sign(Documents.Full, key, " "));
        Assert.Throws<ArgumentException>(() => ScorecardSigning.Sign(Documents.Full with { Model = "" }, key, "k"));
    }
}
