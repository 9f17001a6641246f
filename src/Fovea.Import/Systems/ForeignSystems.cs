using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The systems whose files are understood.</summary>
public static class ForeignSystems
{
    /// <summary>The one whose configuration may be given by <c>--opts</c> alone, without a file.</summary>
    public static ForeignSystem OfOptions { get; } = new RepVgg();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<ForeignSystem> All { get; } =
        [new MindCv(), new PaddleClas(), new PaddleClas20(), OfOptions, new CifarTricks(), new Timm(), new DarknetCfg()];
}
