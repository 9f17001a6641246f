using System.Text.Json;
using Fovea.Execution;
using Fovea.Models.Parity;

namespace Fovea.Models.Tests;

public class ParityTests
{
    [Theory]
    [MemberData(nameof(Fixtures.All), MemberType = typeof(Fixtures))]
    public void Model_and_its_deploy_form_have_the_structure_of_the_fixture(string id) =>
        Assert.Empty(ParityRun.CompareStructure(Fixtures.Read(id)).Failures);

    [Theory]
    [InlineData("cifar_resnet20")]
    [InlineData("repvgg_custom_n1")]
    public void Model_run_by_the_oracle_agrees_with_its_fixture_as_closely_as_double_precision_allows(string id)
    {
        var result = ParityRun.Compare(Fixtures.Read(id), new ReferenceBackend());
        Assert.Empty(result.Failures);
        Assert.InRange(result.LogitsRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.LogitsBlocksRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.TrainLogitsRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.LossRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.RunningRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.MedianGradientRelativeError!.Value, 0, 1e-7);
        Assert.InRange(result.WorstGradient!.Value.RelativeError, 0, 1e-7);
        Assert.True(result.DeployTensorRelativeError is null or < 1e-7);
    }

    [Fact]
    public void Wrong_epsilon_fails_and_says_where()
    {
        var fixture = Fixtures.Read("cifar_resnet20");
        var result = ParityRun.CompareStructure(fixture with { Norms = [new FixtureNorm("batch", 1e-3, 0.1, 21)] });
        Assert.Contains("wanted FixtureNorm { Type = batch, Epsilon = 0.001", Assert.Single(result.Failures), StringComparison.Ordinal);
    }

    [Fact]
    public void Backend_that_computes_nothing_fails_in_everything()
    {
        var result = ParityRun.Compare(Fixtures.Read("repvgg_custom_n1"), new ZeroBackend());
        Assert.Equal(
            [
                "logits", "logits_blocks", "train logits", "loss (absolute)", "running statistics", "gradient norms (median)", "gradient norm of",
                "deploy logits",
            ],
            result.Failures.Select(Subject));
        Assert.Equal(1, result.LogitsRelativeError);
        Assert.InRange(result.WorstGradient!.Value.RelativeError, 0.9, 1);
    }

    [Fact]
    public void Tensor_of_another_name_fails_with_both_names()
    {
        var fixture = Fixtures.Read("cifar_resnet20");
        var tensors = fixture.Tensors.Select(tensor => tensor.Name == "linear.bias" ? tensor with { Name = "fc.bias" } : tensor).ToList();
        var failure = Assert.Single(ParityRun.CompareStructure(fixture with { Tensors = tensors }).Failures);
        Assert.Equal($"tensors: number {tensors.Count - 1} is linear.bias [10]; wanted fc.bias [10]", failure);
    }

    [Fact]
    public void Result_is_one_json_object_with_the_agreed_names()
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream)) ParityRun.CompareStructure(Fixtures.Read("resnet18")).Write(writer);
        var json = JsonDocument.Parse(stream.ToArray()).RootElement;
        Assert.Equal("resnet18", json.GetProperty("id").GetString());
        Assert.True(json.GetProperty("passed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, json.GetProperty("logits_relative_error").ValueKind);
        Assert.Equal(JsonValueKind.Null, json.GetProperty("worst_gradient").ValueKind);
    }

    /// <summary>What a failure is about: its text up to the number, without the name of a tensor.</summary>
    private static string Subject(string failure) => failure switch
    {
        _ when failure.StartsWith("gradient norm of", StringComparison.Ordinal) => "gradient norm of",
        _ when failure.StartsWith("running statistics", StringComparison.Ordinal) => "running statistics",
        _ => failure[..failure.IndexOf(':', StringComparison.Ordinal)],
    };
}
