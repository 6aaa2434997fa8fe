/** Imported first: a PYTHONPATH of whoever runs the tests would hide what is installed. */

delete process.env["PYTHONPATH"];
