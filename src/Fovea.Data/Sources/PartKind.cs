namespace Fovea.Data.Sources;

/// <summary>What a part of a data set is for.</summary>
internal enum PartKind
{
    Train,
    Validation,
    Test,
}
