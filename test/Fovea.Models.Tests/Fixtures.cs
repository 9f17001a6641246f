using Fovea.Models.Building;
using Fovea.Models.Parity;

namespace Fovea.Models.Tests;

/// <summary>The fixtures that are copied beside the tests.</summary>
internal static class Fixtures
{
    internal static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "fixtures");

    /// <summary>The ids of all model fixtures.</summary>
    internal static IReadOnlyList<string> Ids { get; } =
    [
        .. Directory.GetFiles(Path.Combine(Folder, "models"), "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Order(StringComparer.Ordinal),
    ];

    /// <summary>The ids as cases of a theory.</summary>
    public static TheoryData<string> All() => [.. Ids];

    internal static Fixture Read(string id) => FixtureReader.Read(Path.Combine(Folder, "models", $"{id}.json"));

    /// <summary>The model of a fixture, as the fixture has it.</summary>
    internal static Graphs.Graph Build(Fixture fixture) =>
        FixtureModel.Find(fixture.Id).Row.Build(new ModelOptions { Classes = fixture.Classes, ImageSize = fixture.Input.H, InputChannels = fixture.Input.C });
}
