namespace Fovea.Data.Sets;

/// <summary>All kinds of data sets beside class folders, in the order in which a place is asked whether it holds one.</summary>
internal static class DataKinds
{
    public static IReadOnlyList<IDataKind> All { get; } = [new IdxKind(), new CifarKind(), new ShardKind(), new DarknetKind(), new ListKind()];
}
