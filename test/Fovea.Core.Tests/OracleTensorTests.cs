using Fovea.Tensors;

namespace Fovea.Core.Tests;

public sealed class OracleTensorTests
{
    [Fact]
    public void Integers_beyond_the_digits_of_float32_stay_exact()
    {
        var tensor = new HostTensor(new TensorType(DType.Int32, new Shape(1)));
        tensor.Ints[0] = int.MaxValue - 1;
        Assert.Equal(int.MaxValue - 1, OracleTensor.From(tensor)[0]);
    }
}
