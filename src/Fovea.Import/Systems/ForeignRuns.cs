namespace Fovea.Import.Systems;

/// <summary>What all systems are told of runs that go on.</summary>
internal static class ForeignRuns
{
    internal const string GoesOn = "a run goes on in its own folder: the same line with --resume, and that folder as --out";
}
