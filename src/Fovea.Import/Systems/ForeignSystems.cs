using Fovea.Import.Foreign;

namespace Fovea.Import.Systems;

/// <summary>The systems whose files are understood.</summary>
public static class ForeignSystems
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<ForeignSystem> All { get; } = [new MindCv(), new PaddleClas(), new PaddleClas20(), new RepVgg(), new CifarTricks(), new Timm()];
}
